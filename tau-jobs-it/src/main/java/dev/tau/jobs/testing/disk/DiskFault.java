package dev.tau.jobs.testing.disk;

import dev.tau.jobs.testing.disk.FailingDisk.Fault;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * When and how a disk fails.
 *
 * @param fault how
 * @param first number of the first operation that fails, counted from 1
 * @param operations how many fail, from there on
 */
public record DiskFault(Fault fault, long first, long operations) {

    /** {@return the machine's own disk with this fault} */
    public FailingDisk disk() {
        return new FailingDisk(fault, first, operations);
    }

    /**
     * Faults of all kinds, most of them short.
     *
     * @param within the first operation that fails is one of so many
     * @return an arbitrary that shrinks to a single early failure
     */
    public static Arbitrary<DiskFault> within(long within) {
        return Combinators.combine(
                        Arbitraries.of(Fault.class),
                        Arbitraries.longs().between(1, within),
                        Arbitraries.longs().between(1, 20))
                .as(DiskFault::new);
    }
}
