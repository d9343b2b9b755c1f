package dev.tau.jobs.testing;

import dev.tau.jobs.testing.CallSequence.Cancel;
import dev.tau.jobs.testing.CallSequence.Create;
import dev.tau.jobs.testing.CallSequence.ListJobs;
import dev.tau.jobs.testing.CallSequence.Status;
import dev.tau.jobs.testing.CallSequence.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What models and hosts make up, for jqwik properties. {@link TauJobsDomain} finds them by type. */
public final class JobArbitraries {
    private JobArbitraries() {}

    /**
     * Texts that have broken programs before: empty, blank, with control characters, half a surrogate pair, NUL, terminal
     * escapes, path steps, and long ones, beside any string.
     *
     * @return an arbitrary
     */
    public static Arbitrary<String> hostileTexts() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().ofMaxLength(40)),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "",
                                " ",
                                "\0",
                                "\n",
                                "a\r\nb",
                                "\u001b[2J\u001b]0;x\u0007",
                                "\ud800",
                                "x\udc00y",
                                "\ufeff",
                                "\u202egpj.exe",
                                "\u2028",
                                "../../etc/passwd",
                                "/dev/zero",
                                "..",
                                "'; --",
                                "\"}\n{\"x\":1}",
                                "NaN",
                                "null")),
                Tuple.of(1, Arbitraries.of("x".repeat(10_000), "\u00e9\n".repeat(3_000), "\ud83d\ude00".repeat(500))));
    }

    /**
     * JSON-shaped values, null included: hostile texts, numbers of every type and size, lists and objects, some nested 300
     * deep.
     *
     * @return an arbitrary
     */
    public static Arbitrary<Object> jsonValues() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                        objects(hostileTexts()),
                        objects(Arbitraries.integers()),
                        objects(Arbitraries.longs()),
                        objects(Arbitraries.doubles()),
                        Arbitraries.of(
                                -1,
                                0,
                                1.0,
                                0.5,
                                new BigInteger("9".repeat(60)),
                                new BigDecimal("1e400"),
                                new BigDecimal("1e999999999"),
                                new BigDecimal("-0.5"),
                                true,
                                false))
                .injectNull(0.05);
        Arbitrary<Object> flat = containers(leaves);
        Arbitrary<Object> deep = Combinators.combine(
                        leaves, Arbitraries.integers().between(1, 300), Arbitraries.of(true, false))
                .as(JobArbitraries::nested);
        return Arbitraries.frequencyOf(
                Tuple.of(6, leaves), Tuple.of(3, flat), Tuple.of(1, containers(flat)), Tuple.of(1, deep));
    }

    @SuppressWarnings("unchecked") // every T is an Object, and an arbitrary only gives
    private static Arbitrary<Object> objects(Arbitrary<?> typed) {
        return (Arbitrary<Object>) typed;
    }

    private static Arbitrary<Object> containers(Arbitrary<Object> elements) {
        return Arbitraries.oneOf(
                objects(elements.list().ofMaxSize(4)),
                objects(Arbitraries.maps(hostileTexts(), elements).ofMaxSize(4)));
    }

    private static Object nested(Object core, int depth, boolean lists) {
        Object value = core;
        for (int i = 0; i < depth; i++) {
            // Not List.of and Map.of: the core may be null.
            if (lists) {
                List<Object> list = new ArrayList<>();
                list.add(value);
                value = list;
            } else {
                Map<String, Object> map = new HashMap<>();
                map.put("x", value);
                value = map;
            }
        }
        return value;
    }

    /**
     * JSON objects whose keys are partly the ones given, so that a tool looks at the values.
     *
     * @param names keys that the tool knows
     * @return an arbitrary
     */
    public static Arbitrary<Map<String, Object>> jsonObjects(Collection<String> names) {
        Arbitrary<String> strange = hostileTexts();
        Arbitrary<String> keys = names.isEmpty()
                ? strange
                : Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(names)), Tuple.of(1, strange));
        return Arbitraries.maps(keys, jsonValues()).ofMaxSize(5);
    }

    /**
     * Valid arguments of jobs_create. The commands are harmless and end by themselves within 50 ms or so, some with an
     * error; some print, some have variables and timeouts.
     *
     * @return an arbitrary
     */
    public static Arbitrary<Map<String, Object>> createArguments() {
        Arbitrary<List<String>> commands = Arbitraries.oneOf(
                Arbitraries.of(List.of("true"), List.of("false"), List.of("/no/such/program")),
                Arbitraries.integers().between(0, 255).map(code -> List.of("sh", "-c", "exit " + code)),
                Arbitraries.integers().between(1, 50).map(ms -> List.of("sleep", "0." + String.format("%03d", ms))),
                hostileTexts().map(text -> List.of("echo", text.replace("\0", ""))),
                Arbitraries.of("echo out; echo err >&2", "kill -9 $$", "sleep 0.02 & wait", "exec >&-")
                        .map(script -> List.of("sh", "-c", script)));
        Arbitrary<Map<String, String>> env = Arbitraries.maps(
                        Arbitraries.strings()
                                .withChars("ABCXYZ_")
                                .ofMinLength(1)
                                .ofMaxLength(5),
                        hostileTexts().map(text -> text.replace("\0", "")))
                .ofMaxSize(3);
        Arbitrary<Integer> timeouts = Arbitraries.integers().between(1, 30_000).injectNull(0.7);
        return Combinators.combine(commands, env.injectNull(0.7), timeouts).as((command, variables, timeout) -> {
            Map<String, Object> arguments = new LinkedHashMap<>();
            arguments.put("command", command.get(0));
            if (command.size() > 1) {
                arguments.put("args", command.subList(1, command.size()));
            }
            if (variables != null) {
                arguments.put("env", variables);
            }
            if (timeout != null) {
                arguments.put("timeout_ms", timeout);
            }
            return arguments;
        });
    }

    /**
     * Arguments of jobs_create that must be refused: valid ones with one thing wrong with them.
     *
     * @return an arbitrary
     */
    public static Arbitrary<Map<String, Object>> hostileArguments() {
        Map<String, List<Object>> wrong = new LinkedHashMap<>();
        wrong.put("command", List.of("", " \t", 5, true, List.of("true"), Map.of(), "tr\0ue", "x".repeat(2_000_000)));
        wrong.put("args", List.of("one", 1, Map.of(), List.of(1), List.of("a\0b"), List.of(List.of("a"))));
        wrong.put("cwd", List.of("..", "/", "../..", "no/such/directory", 1, "\0", List.of()));
        wrong.put(
                "env",
                List.of(
                        "A=1",
                        List.of(),
                        Map.of("", "x"),
                        Map.of("A=B", "x"),
                        Map.of("A", 1),
                        Map.of("A", "\0"),
                        Map.of("TAU_JOB_ID", "x")));
        wrong.put(
                "timeout_ms",
                List.of(0, -1, 1.5, "100", true, Long.MAX_VALUE, Double.NaN, new BigDecimal("1e999999999")));
        wrong.put("channel_id", List.of("without a transport"));
        wrong.put("channel_transport", List.of("without an id"));
        wrong.put("session_path", List.of("../session.jsonl", "/etc/passwd", "\0", 1));
        wrong.put("surprise", List.of(1, "x", Map.of()));
        Arbitrary<Map.Entry<String, Object>> faults = Arbitraries.of(wrong.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> Map.entry(entry.getKey(), value)))
                .toList());
        return Combinators.combine(createArguments(), faults).as((valid, fault) -> {
            Map<String, Object> arguments = new LinkedHashMap<>(valid);
            arguments.put(fault.getKey(), fault.getValue());
            return arguments;
        });
    }

    /**
     * Sequences of valid calls, up to 12.
     *
     * @return an arbitrary
     */
    public static Arbitrary<CallSequence> callSequences() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 11);
        Arbitrary<Step> lists = Combinators.combine(
                        Arbitraries.integers().between(1, 200).injectNull(0.5),
                        Arbitraries.of("queued", "running", "succeeded", "failed", "cancelled", "canceled", "terminal")
                                .injectNull(0.5))
                .as((limit, status) -> {
                    Map<String, Object> arguments = new LinkedHashMap<>();
                    if (limit != null) {
                        arguments.put("limit", limit);
                    }
                    if (status != null) {
                        arguments.put("status", status);
                    }
                    return new ListJobs(arguments);
                });
        Arbitrary<Step> steps = Arbitraries.frequencyOf(
                Tuple.of(3, createArguments().map(Create::new)),
                Tuple.of(1, lists),
                Tuple.of(2, which.map(Status::new)),
                Tuple.of(2, which.map(Cancel::new)));
        return steps.list().ofMaxSize(12).map(CallSequence::new);
    }
}
