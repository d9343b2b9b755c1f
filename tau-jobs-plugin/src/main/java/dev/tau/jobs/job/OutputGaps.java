package dev.tau.jobs.job;

import java.util.ArrayList;
import java.util.List;

/**
 * What is missing in an output file of a job: what runs had written that a restart interrupted, as the run after one begins where that one
 * had begun. An offset counts it all, so that each byte that a job ever wrote has one of its own; a position counts what is in the file.
 *
 * @param gaps by their positions
 */
public record OutputGaps(List<Gap> gaps) {
    /** Nothing is missing. */
    public static final OutputGaps NONE = new OutputGaps(List.of());

    /**
     * Some that is missing.
     *
     * @param position where it was, in bytes of the file
     * @param bytes how much
     */
    public record Gap(long position, long bytes) {}

    /**
     * Where to read.
     *
     * @param position in the file
     * @param missing how much of what was asked for is missing before that
     * @param room how much can be read before more is missing
     */
    public record Place(long position, long missing, long room) {}

    /** Copies the list. */
    public OutputGaps {
        gaps = List.copyOf(gaps);
    }

    /** The same, and one more; nothing before it changes. */
    OutputGaps and(long position, long bytes) {
        if (bytes <= 0) {
            return this;
        }
        List<Gap> all = new ArrayList<>(gaps);
        Gap last = all.isEmpty() ? null : all.get(all.size() - 1);
        if (last != null && last.position() == position) {
            all.set(all.size() - 1, new Gap(position, last.bytes() + bytes));
        } else {
            all.add(new Gap(position, bytes));
        }
        return new OutputGaps(all);
    }

    /**
     * The offset of a position.
     *
     * @param position in the file
     * @return what was written before it; not what is missing at it
     */
    public long offsetOf(long position) {
        return position
                + gaps.stream()
                        .filter(gap -> gap.position() < position)
                        .mapToLong(Gap::bytes)
                        .sum();
    }

    /**
     * Where what has an offset is.
     *
     * @param offset from the first byte that was ever written
     * @return the next place that is there
     */
    public Place placeOf(long offset) {
        long before = 0;
        for (int i = 0; i < gaps.size(); i++) {
            Gap gap = gaps.get(i);
            long begin = gap.position() + before;
            if (offset < begin) {
                return new Place(offset - before, 0, begin - offset);
            }
            before += gap.bytes();
            if (offset < begin + gap.bytes()) {
                long room = i + 1 < gaps.size() ? gaps.get(i + 1).position() - gap.position() : Long.MAX_VALUE;
                return new Place(gap.position(), begin + gap.bytes() - offset, room);
            }
        }
        return new Place(offset - before, 0, Long.MAX_VALUE);
    }
}
