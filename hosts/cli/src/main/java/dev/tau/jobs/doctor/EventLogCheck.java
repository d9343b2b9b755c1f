package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Each line of the event logs is a JSON object, and the last one ends. */
final class EventLogCheck implements Check {
    /** No event is as long as this; what is longer need not be held to be called broken. */
    private static final int MAX_LINE = 1 << 20;

    private static final int BLOCK = 1 << 16;

    private final JsonCodec codec;

    EventLogCheck(JsonCodec codec) {
        this.codec = codec;
    }

    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path file : dir.list(dir.root())) {
            if (Examined.name(file).matches("events\\.jsonl(\\.[0-9]+)?") && Examined.isRegular(file)) {
                check(dir, file, out);
            }
        }
    }

    private void check(Examined dir, Path file, Findings out) throws IOException {
        Lines lines;
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.READ)) {
            lines = read(channel);
        } catch (NoSuchFileException e) {
            return; // rotated away since it was listed
        }
        if (lines.broken > 0) {
            out.tell(
                    Kind.BROKEN_LINES,
                    dir.relative(file),
                    lines.broken + " of its lines can't be parsed, the first is line " + lines.firstBroken + ".",
                    "nobody needs them; remove them by hand, or wait until the log is rotated away");
        }
        // The owner may be writing that line.
        if (lines.torn && !dir.owned()) {
            long from = lines.end;
            out.mendable(
                    Kind.TORN_LINE,
                    dir.relative(file),
                    "The last line does not end.",
                    "--repair cuts it off and keeps it in quarantine/",
                    () -> cut(dir, file, from));
        }
    }

    private static final class Lines {
        private long count;
        private long broken;
        private long firstBroken;
        /** Behind the last newline. */
        private long end;

        private boolean torn;
    }

    private Lines read(FileChannel channel) throws IOException {
        Lines lines = new Lines();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        long position = 0;
        while (channel.read(block.clear()) > 0) {
            for (int i = 0; i < block.position(); i++) {
                position++;
                if (block.get(i) != '\n') {
                    if (line.size() <= MAX_LINE) {
                        line.write(block.get(i));
                    }
                    continue;
                }
                lines.count++;
                lines.end = position;
                if (!isGood(line.toByteArray())) {
                    lines.firstBroken = lines.broken == 0 ? lines.count : lines.firstBroken;
                    lines.broken++;
                }
                line.reset();
            }
        }
        lines.torn = position > lines.end;
        return lines;
    }

    private boolean isGood(byte[] line) {
        try {
            return line.length <= MAX_LINE && !codec.read(line).isEmpty();
        } catch (InvalidJsonException e) {
            return false;
        }
    }

    /** The original cuts it off, too; what is cut off is kept, since nobody knows what it was to become. */
    private static String cut(Examined dir, Path file, long from) throws IOException {
        Path kept = dir.files().placeInQuarantine(Examined.name(file) + ".torn");
        try (FileChannel log = PrivateFiles.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel copy = PrivateFiles.open(kept, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long end = log.size();
            for (long at = from; at < end; ) {
                at += log.transferTo(at, end - at, copy);
            }
            copy.force(true);
            log.truncate(from);
            log.force(true);
        }
        return "cut off, kept as " + dir.relative(kept);
    }
}
