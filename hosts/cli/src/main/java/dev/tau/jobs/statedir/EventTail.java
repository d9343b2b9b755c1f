package dev.tau.jobs.statedir;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.StateDir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the event log of a state dir that somebody else may own, line by line, and goes on when it is rotated. For one thread. */
public final class EventTail implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventTail.class.getName());
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int LATEST_BYTES = 1 << 14;

    private static final class OpenFile {
        private final FileChannel channel;
        private final @Nullable Object key;
        /** Another file has its name: once its end is reached, nothing more comes. */
        private boolean replaced;

        private OpenFile(FileChannel channel, @Nullable Object key) {
            this.channel = channel;
            this.key = key;
        }
    }

    private final Path log;
    private final JsonCodec codec;
    /** Null for those of all jobs. */
    private final @Nullable JobId only;
    /** The oldest first; the last one may still grow. */
    private final Deque<OpenFile> files = new ArrayDeque<>();

    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private final ByteArrayOutputStream halfLine = new ByteArrayOutputStream();
    /** Where the line begins that has not been read whole, in the oldest file. */
    private long lineStart;
    /** The line that is being read is not to be used: it is too long, or was not read from its beginning. */
    private boolean inMidLine;

    private boolean missedSome;

    private EventTail(StateDir dir, JsonCodec codec, @Nullable JobId only) {
        this.log = dir.events();
        this.codec = codec;
        this.only = only;
    }

    /**
     * Of all that is kept, and what comes.
     *
     * @param dir the state dir
     * @param codec reads the lines
     * @return the tail, which begins with the oldest line
     * @throws IOException if the log can't be read
     */
    public static EventTail ofAll(StateDir dir, JsonCodec codec) throws IOException {
        return ofAll(new EventTail(dir, codec, null));
    }

    /**
     * Of all that is kept of one job, and what comes. The lines of others are passed over unread.
     *
     * @param dir the state dir
     * @param codec reads the lines
     * @param only the job
     * @return the tail, which begins with the oldest line
     * @throws IOException if the log can't be read
     */
    public static EventTail ofAll(StateDir dir, JsonCodec codec, JobId only) throws IOException {
        return ofAll(new EventTail(dir, codec, only));
    }

    private static EventTail ofAll(EventTail tail) throws IOException {
        try {
            // The newest first: a rotation meanwhile gives it another name, and it is met twice rather than never.
            tail.openNewest();
            tail.openRotated();
            return tail;
        } catch (IOException | RuntimeException e) {
            tail.close();
            throw e;
        }
    }

    /**
     * Of what comes from now on, and of a little that came just before: what it says may not have been shown yet.
     *
     * @param dir the state dir
     * @param codec reads the lines
     * @return the tail, which passes over all else that is there
     * @throws IOException if the log can't be read
     */
    public static EventTail ofLatest(StateDir dir, JsonCodec codec) throws IOException {
        EventTail tail = new EventTail(dir, codec, null);
        if (tail.openNewest()) {
            FileChannel newest = tail.files.getLast().channel;
            tail.lineStart = Math.max(0, newest.size() - LATEST_BYTES);
            tail.inMidLine = tail.lineStart > 0;
            newest.position(tail.lineStart);
        }
        return tail;
    }

    private boolean openNewest() throws IOException {
        OpenFile file = open(log);
        if (file != null) {
            files.addLast(file);
        }
        return file != null;
    }

    private List<Path> rotated() throws IOException {
        List<Path> rotated = new ArrayList<>();
        try {
            rotated.addAll(StateDir.list(log.resolveSibling("."), log.getFileName() + ".[0-9]*"));
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "no such directory (yet)", e);
        }
        rotated.sort(Comparator.comparingInt(EventTail::number));
        return rotated;
    }

    private void openRotated() throws IOException {
        Object newest = files.isEmpty() ? null : files.getLast().key;
        for (Path path : rotated()) {
            OpenFile file = open(path);
            if (file != null && !(newest != null && newest.equals(file.key))) {
                file.replaced = true;
                files.addFirst(file);
            } else if (file != null) {
                file.channel.close();
            }
        }
    }

    /** Of events.jsonl.3, the 3. */
    private static int number(Path rotated) {
        String name = rotated.toString();
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** Null if there is no such regular file: a link could lead to any file, a pipe would wait for its writer. */
    private static @Nullable OpenFile open(Path path) throws IOException {
        try {
            while (true) {
                BasicFileAttributes before = attributes(path);
                if (!before.isRegularFile()) {
                    return null;
                }
                FileChannel channel =
                        FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                if (Objects.equals(before.fileKey(), attributes(path).fileKey())) {
                    return new OpenFile(channel, before.fileKey());
                }
                channel.close();
            }
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The next events, as many as are read at once.
     *
     * @return empty if there are no more now; a line that can't be read is left out
     * @throws IOException if the log can't be read
     */
    public List<LoggedEvent> next() throws IOException {
        List<LoggedEvent> events = new ArrayList<>();
        while (events.isEmpty() && readBlock()) {
            takeLines(events);
        }
        return events;
    }

    /** Whether the log was rotated away faster than it was read, so that there were lines that nobody can read any more. */
    public boolean hasMissedSome() {
        return missedSome;
    }

    private boolean readBlock() throws IOException {
        while (!files.isEmpty() || openNewest()) {
            OpenFile oldest = files.getFirst();
            if (oldest.channel.read(block.clear()) > 0) {
                return true;
            }
            if (oldest.replaced) {
                files.removeFirst().channel.close();
                beginLine(0);
            } else if (isReplaced(oldest)) {
                // Read once more: the last lines may have come between the two looks.
                oldest.replaced = true;
                openYounger(oldest);
            } else {
                // Half a line is read again: the next owner may have cut it off and written another one there.
                beginLine(Math.min(lineStart, oldest.channel.size()));
                oldest.channel.position(lineStart);
                return false;
            }
        }
        return false;
    }

    private void beginLine(long start) {
        lineStart = start;
        halfLine.reset();
        inMidLine = false;
    }

    private boolean isReplaced(OpenFile file) throws IOException {
        try {
            return !Objects.equals(file.key, attributes(log).fileKey());
        } catch (NoSuchFileException e) {
            return false; // in the middle of a rotation, or nothing more is to come
        }
    }

    /** Those between one that was rotated away and the newest, which is opened when all others have been read. */
    private void openYounger(OpenFile file) throws IOException {
        Deque<OpenFile> younger = new ArrayDeque<>();
        for (int i = 1; ; i++) {
            OpenFile rotated = open(log.resolveSibling(log.getFileName() + "." + i));
            if (rotated == null) {
                // Where none was ever rotated away, the directory has been made anew, and there was nothing in between.
                missedSome |= !rotated().isEmpty();
                break;
            }
            if (Objects.equals(rotated.key, file.key)) {
                rotated.channel.close();
                break;
            }
            rotated.replaced = true;
            younger.addFirst(rotated);
        }
        files.addAll(younger);
    }

    private void takeLines(List<LoggedEvent> events) throws IOException {
        byte[] read = block.array();
        long blockStart = files.getFirst().channel.position() - block.position();
        int begin = 0;
        for (int i = 0; i < block.position(); i++) {
            if (read[i] == '\n') {
                halfLine.write(read, begin, i - begin);
                if (!inMidLine) {
                    takeLine(halfLine.toByteArray(), events);
                }
                begin = i + 1;
                beginLine(blockStart + begin);
            }
        }
        halfLine.write(read, begin, block.position() - begin);
        if (halfLine.size() > JsonCodec.MAX_BYTES) {
            halfLine.reset();
            inMidLine = true;
        }
    }

    private void takeLine(byte[] line, List<LoggedEvent> events) {
        // An id has no character that JSON would escape.
        if (only != null && !new String(line, StandardCharsets.ISO_8859_1).contains(only.value())) {
            return;
        }
        try {
            LoggedEvent.of(codec.read(line))
                    .filter(event -> only == null || event.jobId().equals(only))
                    .ifPresent(events::add);
        } catch (InvalidJsonException e) {
            LOG.log(System.Logger.Level.DEBUG, "a line that is no JSON object", e);
        }
    }

    @Override
    public void close() throws IOException {
        while (!files.isEmpty()) {
            files.removeFirst().channel.close();
        }
    }
}
