package dev.tau.jobs.testing;

import dev.tau.jobs.job.Attempt;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.LostOutput;
import dev.tau.jobs.job.OutputGaps;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.job.Snapshot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * What a store may be given to keep, for jqwik properties: jobs in any state, those too that no lifecycle makes, and their
 * events and snapshots. All that is made can be told again from what is found: texts hold no half of a surrogate pair, and
 * numbers are of the type that reading them gives.
 */
public final class JobRecordArbitraries {
    private static final long SOME_DAY = 1_700_000_000_000L;
    private static final Arbitrary<Long> TIMES = Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(SOME_DAY, SOME_DAY + 1, SOME_DAY + 2)), Tuple.of(1, naturals()));

    private JobRecordArbitraries() {}

    /**
     * Ids as runtimes make them and as hosts write them by hand. Without capital letters: some file systems take them for
     * small ones.
     *
     * @return an arbitrary
     */
    public static Arbitrary<JobId> ids() {
        Arbitrary<JobId> generated = Combinators.combine(
                        TIMES, Arbitraries.longs().between(0, 20_000))
                .as(JobId::generate);
        Arbitrary<JobId> byHand = Arbitraries.strings()
                .withChars("abz019._-")
                .ofMinLength(1)
                .ofMaxLength(128)
                .filter(text -> !text.startsWith("."))
                .map(JobId::new);
        return Arbitraries.frequencyOf(
                Tuple.of(2, generated),
                Tuple.of(1, byHand),
                Tuple.of(
                        1,
                        Arbitraries.of("a", "a.json", "a.stdout.log", "-", "_..", "a.tmp")
                                .map(JobId::new)));
    }

    /**
     * Jobs in any state.
     *
     * @param ids whose
     * @return an arbitrary
     */
    public static Arbitrary<JobRecord> jobs(Arbitrary<JobId> ids) {
        return Combinators.combine(specs(ids), states(), unknownMembers()).as(JobRecord::new);
    }

    /** Every text but half a surrogate pair, which no UTF-8 has. */
    private static Arbitrary<String> texts() {
        return JobArbitraries.hostileTexts()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    private static Arbitrary<Long> naturals() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE);
    }

    private static Arbitrary<JobSpec> specs(Arbitrary<JobId> ids) {
        Arbitrary<Long> timeouts = Arbitraries.longs().between(1, Long.MAX_VALUE);
        Arbitrary<JobTrace> traces = Combinators.combine(
                        texts().injectNull(0.5),
                        texts().injectNull(0.5),
                        texts().injectNull(0.5),
                        texts().injectNull(0.5),
                        Arbitraries.longs()
                                .between(1, Long.MAX_VALUE)
                                .map(span -> "00-%032x-%016x-01".formatted(span, span))
                                .injectNull(0.5))
                .as(JobTrace::new);
        // Eight at once are the most that can be combined, and a spec has ten.
        Arbitrary<long[]> numbers =
                Combinators.combine(timeouts, timeouts, TIMES).as((a, b, c) -> new long[] {a, b, c});
        return Combinators.combine(
                        ids,
                        texts().map(text -> text.isBlank() ? "x" + text : text),
                        texts().list().ofMaxSize(4),
                        Arbitraries.maps(texts(), texts()).ofMaxSize(4),
                        texts().injectNull(0.5),
                        numbers,
                        traces,
                        options(ids))
                .as((id, command, args, env, cwd, number, trace, options) ->
                        new JobSpec(id, command, args, env, cwd, number[0], number[1], number[2], trace, options));
    }

    private static Arbitrary<JobOptions> options(Arbitrary<JobId> ids) {
        return Combinators.combine(
                        texts().injectNull(0.5),
                        texts().injectNull(0.5),
                        Arbitraries.integers().between(-JobOptions.MAX_PRIORITY, JobOptions.MAX_PRIORITY),
                        TIMES,
                        ids.list().ofMaxSize(3),
                        Arbitraries.integers().between(0, JobOptions.MAX_RETRIES))
                .as(JobOptions::new);
    }

    private static Arbitrary<Attempt> attempts() {
        return Combinators.combine(
                        Arbitraries.of(ReasonCode.values()),
                        Arbitraries.integers().injectNull(0.5),
                        TIMES,
                        TIMES,
                        naturals(),
                        naturals())
                .as(Attempt::new);
    }

    private static Arbitrary<JobState> states() {
        Arbitrary<OutputSizes.Stream> streams = Combinators.combine(
                        naturals(), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(OutputSizes.Stream::new);
        Arbitrary<OutputSizes> outputs = Combinators.combine(streams, streams).as(OutputSizes::new);
        Arbitrary<ProcessIdentity> processes = Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE), texts())
                .as(ProcessIdentity::new);
        Arbitrary<JobState> plain = Combinators.combine(
                        Arbitraries.of(JobStatus.values()),
                        Arbitraries.of(ReasonCode.values()),
                        TIMES,
                        TIMES.injectNull(0.5),
                        TIMES.injectNull(0.5),
                        Arbitraries.integers().injectNull(0.5),
                        texts().injectNull(0.5),
                        Arbitraries.of(true, false))
                .as((status, reason, updated, started, finished, exit, error, cancel) -> new JobState(
                        status,
                        reason,
                        updated,
                        started,
                        finished,
                        exit,
                        error,
                        cancel,
                        0,
                        null,
                        null,
                        0,
                        List.of(),
                        LostOutput.NONE,
                        null));
        return Combinators.combine(
                        plain,
                        Arbitraries.integers().between(0, Integer.MAX_VALUE - 1),
                        processes.injectNull(0.5),
                        outputs.injectNull(0.5),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        attempts().list().ofMaxSize(3),
                        lost(),
                        Combinators.combine(counts(), counts())
                                .as((out, err) -> new OutputSizes(
                                        new OutputSizes.Stream(out, false, false),
                                        new OutputSizes.Stream(err, false, false)))
                                .injectNull(0.5))
                .as((state, recoveries, process, output, strays, attempts, lost, interrupted) -> new JobState(
                        state.status(),
                        state.reasonCode(),
                        state.updatedUnixMs(),
                        state.startedUnixMs(),
                        state.finishedUnixMs(),
                        state.exitCode(),
                        state.error(),
                        state.cancellationRequested(),
                        recoveries,
                        process,
                        output,
                        strays,
                        attempts,
                        lost,
                        interrupted));
    }

    /** What other programs read as they were written. */
    private static Arbitrary<Long> counts() {
        return Arbitraries.longs().between(0, (1L << 53) - 1);
    }

    private static Arbitrary<LostOutput> lost() {
        Arbitrary<OutputGaps> gaps = Combinators.combine(counts(), counts())
                .as(OutputGaps.Gap::new)
                .list()
                .ofMaxSize(2)
                .map(OutputGaps::new);
        return Combinators.combine(gaps, gaps).as(LostOutput::new);
    }

    /** None, or some that another version wrote. */
    private static Arbitrary<Map<String, Object>> unknownMembers() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                        texts().map(text -> (Object) text),
                        Arbitraries.integers().map(number -> (Object) number),
                        Arbitraries.of(
                                true,
                                false,
                                Long.MIN_VALUE,
                                1L << 40,
                                new BigInteger("9".repeat(60)),
                                new BigDecimal("0.10"),
                                new BigDecimal("1E+400")))
                .injectNull(0.1);
        Arbitrary<Object> values = Arbitraries.oneOf(
                leaves,
                leaves.list().ofMaxSize(3).map(list -> (Object) list),
                Arbitraries.maps(texts(), leaves).ofMaxSize(3).map(map -> (Object) map));
        return Arbitraries.maps(texts().map(name -> "x-" + name), values)
                .ofMaxSize(3)
                .map(HashMap::new);
    }

    /**
     * Events of any kind.
     *
     * @return an arbitrary
     */
    public static Arbitrary<JobEvent> events() {
        return Combinators.combine(
                        naturals(),
                        ids(),
                        Arbitraries.of(JobEvent.Kind.values()),
                        Arbitraries.of(JobStatus.values()),
                        Arbitraries.of(ReasonCode.values()),
                        texts())
                .as(JobEvent::new);
    }

    /**
     * Snapshots of any numbers, which name no job as being removed.
     *
     * @return an arbitrary
     */
    public static Arbitrary<Snapshot> snapshots() {
        Arbitrary<List<Long>> numbers = naturals().list().ofSize(11);
        Arbitrary<List<String>> lists = texts().list().ofMaxSize(5);
        return Combinators.combine(numbers, texts(), texts(), lists, lists)
                .as((n, id, reason, codes, lines) -> new Snapshot(
                        n.get(0),
                        n.get(1),
                        n.get(2),
                        n.get(3),
                        n.get(4),
                        n.get(5),
                        n.get(6),
                        n.get(7),
                        id,
                        reason,
                        codes,
                        lines,
                        new Snapshot.Removed(n.get(8), n.get(9), n.get(10), List.of())));
    }
}
