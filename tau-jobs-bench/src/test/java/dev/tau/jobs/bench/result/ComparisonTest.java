package dev.tau.jobs.bench.result;

import static dev.tau.jobs.bench.result.Samples.QUIET;
import static dev.tau.jobs.bench.result.Samples.times;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.bench.result.Comparison.Change;
import dev.tau.jobs.bench.result.Comparison.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final double TOLERANCE = 0.15;

    private static Verdict verdict(Direction direction, List<Double> base, List<Double> now) {
        return Comparison.verdict(direction, base, now, TOLERANCE);
    }

    @Test
    void slowerBy40PercentIsARegressionEitherWay() {
        assertThat(verdict(Direction.LOWER, QUIET, times(QUIET, 1.4))).isEqualTo(Verdict.REGRESSION);
        assertThat(verdict(Direction.HIGHER, QUIET, times(QUIET, 0.6))).isEqualTo(Verdict.REGRESSION);
    }

    @Test
    void fasterBy40PercentIsBetter() {
        assertThat(verdict(Direction.LOWER, QUIET, times(QUIET, 0.6))).isEqualTo(Verdict.BETTER);
        assertThat(verdict(Direction.HIGHER, QUIET, times(QUIET, 1.4))).isEqualTo(Verdict.BETTER);
    }

    @Test
    void slowerByLessThanTheToleranceIsTheSame() {
        assertThat(verdict(Direction.LOWER, QUIET, times(QUIET, 1.1))).isEqualTo(Verdict.SAME);
        assertThat(verdict(Direction.HIGHER, QUIET, times(QUIET, 0.9))).isEqualTo(Verdict.SAME);
    }

    @Test
    void aMedianThatTheRoundsDoNotBearOutIsNoise() {
        List<Double> noisy = List.of(60.0, 70.0, 140.0, 150.0, 160.0);
        assertThat(verdict(Direction.LOWER, QUIET, noisy)).isEqualTo(Verdict.NOISE);
        assertThat(verdict(Direction.HIGHER, noisy, QUIET)).isEqualTo(Verdict.NOISE);
    }

    @Test
    void oneDisturbedRoundHidesNoRegression() {
        List<Double> disturbed = List.of(100.0, 101.0, 99.0, 102.0, 300.0);
        assertThat(verdict(Direction.LOWER, disturbed, times(QUIET, 1.4))).isEqualTo(Verdict.REGRESSION);
        assertThat(verdict(Direction.LOWER, disturbed, times(disturbed, 1.4))).isEqualTo(Verdict.REGRESSION);
    }

    @Test
    void oneDisturbedRoundMakesNoRegression() {
        assertThat(verdict(Direction.LOWER, QUIET, List.of(100.0, 101.0, 99.0, 102.0, 300.0)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void aChangeThatIsSmallerThanTheSpreadIsNoise() {
        // Three rounds each that do not overlap: with so few that happens without a cause once in twenty times.
        assertThat(verdict(Direction.LOWER, List.of(100.0, 101.0, 110.0), List.of(111.0, 129.0, 200.0)))
                .isEqualTo(Verdict.NOISE);
    }

    /** As an unchanged build was seen to be on a machine that was busy with other things. */
    @Test
    void aChangeThatIsSmallerThanBothSpreadsTogetherIsNoise() {
        assertThat(verdict(Direction.LOWER, List.of(1.22, 1.77, 1.79), List.of(1.85, 2.59, 2.61)))
                .isEqualTo(Verdict.NOISE);
        assertThat(verdict(Direction.LOWER, List.of(1.22, 1.77, 1.79), List.of(3.85, 3.9, 4.0)))
                .isEqualTo(Verdict.REGRESSION);
    }

    @Test
    void twoRoundsProveNothing() {
        assertThat(verdict(
                        Direction.LOWER,
                        List.of(100.0, 101.0),
                        QUIET.stream().map(value -> value * 2).toList()))
                .isEqualTo(Verdict.NOISE);
    }

    @Test
    void nothingMayBecomeSomethingAndStayNothing() {
        List<Double> nothing = List.of(0.0, 0.0, 0.0);
        assertThat(verdict(Direction.LOWER, nothing, nothing)).isEqualTo(Verdict.SAME);
        assertThat(verdict(Direction.LOWER, nothing, List.of(5.0, 6.0, 7.0))).isEqualTo(Verdict.REGRESSION);
        assertThat(verdict(Direction.LOWER, nothing, List.of(0.0, 0.0, 7.0))).isEqualTo(Verdict.SAME);
    }

    @Test
    void namesTheFigureThatBecameWorseAndNoOther() {
        Results base = Results.of(List.of(
                Samples.figure("create", 1, Direction.HIGHER, QUIET),
                Samples.figure("list", 5, Direction.LOWER, QUIET)));
        Results now = Results.of(List.of(
                Samples.figure("create", 1, Direction.HIGHER, times(QUIET, 0.6)),
                Samples.figure("list", 5, Direction.LOWER, QUIET)));
        assertThat(Comparison.of(base, now, TOLERANCE).regressions())
                .extracting(Change::id)
                .containsExactly("create");
    }

    @Test
    void aSlowerMachineIsNoRegression() {
        Series floor = new Series("floor", "floor", QUIET);
        Series slowFloor = new Series("floor", "floor", times(QUIET, 3));
        Results base = Results.of(List.of(Samples.figure("list", 5, Direction.LOWER, QUIET, floor)));
        Results now = Results.of(List.of(Samples.figure("list", 5, Direction.LOWER, times(QUIET, 3), slowFloor)));
        assertThat(Comparison.of(base, now, TOLERANCE).regressions()).isEmpty();
    }

    @Test
    void figuresThatOnlyOneHasAreNamedAndNotCompared() {
        Results base = Results.of(List.of(Samples.figure("old", 1, Direction.HIGHER, QUIET)));
        Results now = Results.of(List.of(Samples.figure("new", 1, Direction.HIGHER, QUIET)));
        Comparison comparison = Comparison.of(base, now, TOLERANCE);
        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.missing()).containsExactly("old");
        assertThat(comparison.added()).containsExactly("new");
    }

    @Test
    void aRatioToAnotherFloorIsAnotherFigure() {
        Results base =
                Results.of(List.of(Samples.figure("list", 5, Direction.LOWER, QUIET, new Series("map", "map", QUIET))));
        Results now = Results.of(
                List.of(Samples.figure("list", 5, Direction.LOWER, QUIET, new Series("disk", "disk", QUIET))));
        assertThat(Comparison.of(base, now, TOLERANCE).changes()).isEmpty();
    }

    @Property
    void identicalRunsAreTheSame(
            @ForAll Direction direction,
            @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 1e6) Double> rounds,
            @ForAll @DoubleRange(min = 0, max = 1) double tolerance,
            @ForAll long seed) {
        List<Double> shuffled = new ArrayList<>(rounds);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Comparison.verdict(direction, rounds, shuffled, tolerance)).isEqualTo(Verdict.SAME);
    }

    @Property
    void whatIsWorseOneWayIsNeverWorseTheOtherWay(
            @ForAll Direction direction,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.01, max = 1e6) Double> one,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.01, max = 1e6) Double> other) {
        boolean there = verdict(direction, one, other) == Verdict.REGRESSION;
        boolean back = verdict(direction, other, one) == Verdict.REGRESSION;
        assertThat(there && back).isFalse();
    }

    @Property
    void aLargerToleranceNeverFindsMore(
            @ForAll Direction direction,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.01, max = 1e6) Double> base,
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = 0.01, max = 1e6) Double> now,
            @ForAll @DoubleRange(min = 0, max = 2) double tolerance,
            @ForAll @DoubleRange(min = 0, max = 2) double more) {
        if (Comparison.verdict(direction, base, now, tolerance + more) == Verdict.REGRESSION) {
            assertThat(Comparison.verdict(direction, base, now, tolerance)).isEqualTo(Verdict.REGRESSION);
        }
    }
}
