package dev.tau.jobs.testing.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a crash after some operations leaves on a disk: after the end of the process all of them; after a power cut what was
 * synced, and of the rest what POSIX lets the system keep: of a file's content any beginning of what was added, or, where room
 * was made for it before, any sectors of it; of the names in a directory any of the changes.
 */
public final class CrashedDisk {

    /** A file, whatever its names are. */
    private static final class Inode {
        /** What a disk writes whole or not at all. */
        private static final int SECTOR = 512;

        private final boolean roomy;
        private byte[] durable = new byte[0];
        private byte[] current = new byte[0];

        Inode(boolean roomy) {
            this.roomy = roomy;
        }

        private byte[] afterKill() {
            return roomy ? Arrays.copyOf(current, current.length + SECTOR) : current;
        }

        private byte[] afterPowerCut(Random random) {
            boolean grown =
                    current.length >= durable.length && Arrays.equals(durable, Arrays.copyOf(current, durable.length));
            if (!grown) {
                return random.nextBoolean() ? durable : current;
            }
            int added = current.length - durable.length;
            // Nothing and everything are the likely ends; the middle is where a line is torn.
            int kept = switch (random.nextInt(3)) {
                case 0 -> 0;
                case 1 -> added;
                default -> random.nextInt(added + 1);
            };
            return roomy && kept > 0 && kept < added
                    ? someSectors(random)
                    : Arrays.copyOf(current, durable.length + kept);
        }

        private byte[] someSectors(Random random) {
            byte[] content = Arrays.copyOf(current, current.length + random.nextInt(2 * SECTOR));
            for (int sector = 0; sector < current.length; sector += SECTOR) {
                if (random.nextBoolean()) {
                    int from = Math.max(durable.length, sector);
                    int to = Math.min(sector + SECTOR, current.length);
                    Arrays.fill(content, Math.min(from, to), to, (byte) 0);
                }
            }
            return content;
        }
    }

    /** A change of the names in one directory. Null as inode: the name goes. */
    private record NameChange(Map<Path, @Nullable Inode> names) {}

    private static final class Directory {
        private final Map<Path, Inode> durable = new HashMap<>();
        private final List<NameChange> pending = new ArrayList<>();
    }

    private final Path root;
    private final Map<Path, Inode> files = new HashMap<>();
    private final Map<Path, Directory> directories = new HashMap<>();
    private final List<Path> made = new ArrayList<>();

    private CrashedDisk(Path root) {
        this.root = root;
    }

    /**
     * The disk after some operations.
     *
     * @param root where they were done; what they did elsewhere is left out
     * @param operations all that was done before the crash, from an empty root on
     * @return the disk
     */
    public static CrashedDisk after(Path root, List<DiskOperation> operations) {
        CrashedDisk disk = new CrashedDisk(root);
        operations.forEach(disk::apply);
        return disk;
    }

    /**
     * Operations that make what is in a directory already, durably: what recorded ones begin with that were not done on an
     * empty root.
     *
     * @param root the directory
     * @return the operations
     * @throws IOException if it can't be read
     */
    public static List<DiskOperation> contentOf(Path root) throws IOException {
        List<DiskOperation> operations = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                if (Files.isDirectory(path)) {
                    operations.add(new DiskOperation.CreateDirectories(path));
                } else {
                    operations.add(new DiskOperation.Write(path, Files.readAllBytes(path)));
                    operations.add(new DiskOperation.Sync(path));
                    operations.add(new DiskOperation.SyncDirectory(Objects.requireNonNull(path.getParent())));
                }
            }
        }
        return operations;
    }

    private void apply(DiskOperation operation) {
        if (operation instanceof DiskOperation.Write write) {
            Inode inode = new Inode(false);
            inode.current = write.content();
            name(write.file(), inode);
        } else if (operation instanceof DiskOperation.Open open) {
            name(open.file(), new Inode(false));
        } else if (operation instanceof DiskOperation.Begin begin) {
            name(begin.file(), new Inode(true));
        } else if (operation instanceof DiskOperation.Append append) {
            Inode inode = inode(append.file());
            byte[] longer = Arrays.copyOf(inode.current, inode.current.length + append.content().length);
            System.arraycopy(append.content(), 0, longer, inode.current.length, append.content().length);
            inode.current = longer;
        } else if (operation instanceof DiskOperation.Truncate cut) {
            Inode inode = inode(cut.file());
            inode.current = Arrays.copyOf(inode.current, (int) cut.size());
        } else if (operation instanceof DiskOperation.Sync sync) {
            Inode inode = inode(sync.file());
            inode.durable = inode.current;
        } else if (operation instanceof DiskOperation.Rename rename) {
            rename(rename.from(), rename.to());
        } else if (operation instanceof DiskOperation.Delete delete) {
            if (files.containsKey(delete.file())) {
                name(delete.file(), null);
            }
        } else if (operation instanceof DiskOperation.SyncDirectory sync) {
            Directory directory = directory(sync.directory());
            directory.pending.forEach(change -> change(directory.durable, change));
            directory.pending.clear();
        } else if (operation instanceof DiskOperation.CreateDirectories create) {
            made.add(create.directory());
        }
    }

    private Inode inode(Path file) {
        Inode inode = files.get(file);
        if (inode == null) {
            throw new IllegalArgumentException("changed before it was made: " + file);
        }
        return inode;
    }

    private Directory directory(Path path) {
        return directories.computeIfAbsent(path, key -> new Directory());
    }

    private Directory above(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("in no directory: " + file);
        }
        return directory(parent);
    }

    private void name(Path file, @Nullable Inode inode) {
        if (inode == null) {
            files.remove(file);
        } else {
            files.put(file, inode);
        }
        Map<Path, @Nullable Inode> change = new HashMap<>();
        change.put(file, inode);
        above(file).pending.add(new NameChange(change));
    }

    private void rename(Path from, Path to) {
        Inode inode = inode(from);
        files.remove(from);
        files.put(to, inode);
        Map<Path, @Nullable Inode> old = new HashMap<>();
        old.put(from, null);
        Map<Path, @Nullable Inode> added = new HashMap<>();
        added.put(to, inode);
        if (above(from) == above(to)) {
            // Within one directory a rename is one change.
            added.putAll(old);
            above(to).pending.add(new NameChange(added));
        } else {
            above(to).pending.add(new NameChange(added));
            above(from).pending.add(new NameChange(old));
        }
    }

    private static void change(Map<Path, Inode> names, NameChange change) {
        change.names().forEach((name, inode) -> {
            if (inode == null) {
                names.remove(name);
            } else {
                names.put(name, inode);
            }
        });
    }

    /**
     * Writes what is there when the process has ended, and the machine has not.
     *
     * @param target an empty directory, which stands for the root
     * @throws IOException if it can't be written
     */
    public void writeAfterKill(Path target) throws IOException {
        writeDirectories(target);
        for (Map.Entry<Path, Inode> file : files.entrySet()) {
            write(target, file.getKey(), file.getValue().afterKill());
        }
    }

    /**
     * Writes one of the states that can be there after a power cut.
     *
     * @param target an empty directory, which stands for the root
     * @param random chooses among them
     * @throws IOException if it can't be written
     */
    public void writeAfterPowerCut(Path target, Random random) throws IOException {
        writeDirectories(target);
        // The contents first, so that two names of one file agree.
        Map<Inode, byte[]> contents = new HashMap<>();
        for (Directory directory : directories.values()) {
            Map<Path, Inode> names = new HashMap<>(directory.durable);
            int mode = random.nextInt(3);
            for (NameChange change : directory.pending) {
                if (mode == 1 || (mode == 2 && random.nextBoolean())) {
                    change(names, change);
                }
            }
            for (Map.Entry<Path, Inode> file : names.entrySet()) {
                byte[] content = contents.computeIfAbsent(file.getValue(), inode -> inode.afterPowerCut(random));
                write(target, file.getKey(), content);
            }
        }
    }

    private void writeDirectories(Path target) throws IOException {
        for (Path directory : made) {
            if (directory.startsWith(root)) {
                Files.createDirectories(
                        target.resolve(root.relativize(directory).toString()));
            }
        }
    }

    private void write(Path target, Path file, byte[] content) throws IOException {
        if (file.startsWith(root)) {
            Path copy = target.resolve(root.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.write(copy, content);
        }
    }
}
