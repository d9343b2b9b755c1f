package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tau.jobs.config.InheritedEnvironment;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import dev.tau.jobs.process.LaunchSpec.Output;
import dev.tau.jobs.process.ProcessLauncher.Launched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/** By a helper or directly: a program gets exactly what it was to get, and says exactly what it says. */
class JobLauncherLawsTest {
    private static final int TRIES = 100;
    private static final InheritedEnvironment ALL = new InheritedEnvironment(true, List.of());
    /** No shell has such a variable, so no helper can hand it on. */
    private static final Map<String, String> NOT_FOR_A_SHELL = Map.of("not.for.a-shell", "x");

    private final Path dir = Files.createTempDirectory("launcher").toRealPath();
    private final JobLauncher launcher = new JobLauncher(ProcessTable.ofPlatform(), ALL, true, Duration.ofSeconds(1));

    JobLauncherLawsTest() throws IOException {
        assumeTrue(LinuxProcessTable.isAvailable());
    }

    @AfterProperty
    void close() throws IOException {
        launcher.close();
        Files.deleteIfExists(dir.resolve("out"));
        Files.deleteIfExists(dir.resolve("err"));
        Files.delete(dir);
    }

    private record Result(int exit, List<String> words) {}

    private Result run(String command, List<String> args, Map<String, String> env) throws Exception {
        JobId id = new JobId("job-1-0001");
        LaunchSpec spec = new LaunchSpec(
                new JobMarker(id, dir.toString()),
                command,
                args,
                env,
                dir,
                null,
                new Output(dir.resolve("out"), 0),
                new Output(dir.resolve("err"), 0));
        Launched launched = launcher.launch(spec);
        int exit = launched.exit().get(10, TimeUnit.SECONDS);
        launcher.release(id);
        assertThat(Files.readString(dir.resolve("err"))).isEmpty();
        // Byte by byte, since not all of them are text.
        String out = Files.readString(dir.resolve("out"), StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(Arrays.asList(out.split("\0", -1)));
        words.remove(words.size() - 1);
        return new Result(exit, words);
    }

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> any = Arbitraries.strings().all().excludeChars('\0').ofMaxLength(30);
        Arbitrary<String> awkward = Arbitraries.strings()
                .withChars(" '\"\\$`\n\r\t!#&*()[]{};<>|?~=-%+^éß\u0001\u0081\u0088\u007f\u00ff")
                .ofMaxLength(20);
        return Arbitraries.oneOf(any, awkward, Arbitraries.of("", "-", "--", "-n", "\n", "'", "\\", "a=b"))
                .filter(word -> StandardCharsets.UTF_8.newEncoder().canEncode(word));
    }

    @Property(tries = TRIES)
    void arguments_arrive_as_they_are(
            @ForAll @Size(max = 6) List<@net.jqwik.api.From("words") String> args, @ForAll boolean helped)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("-c", "for word; do printf '%s\\0' \"$word\"; done", "sh"));
        all.addAll(args);
        assertThat(run("sh", all, helped ? Map.of() : NOT_FOR_A_SHELL)).isEqualTo(new Result(0, args));
    }

    @Property(tries = TRIES)
    void the_environment_is_the_hosts_and_the_jobs_own(
            @ForAll("variables") Map<String, String> env, @ForAll boolean helped) throws Exception {
        Map<String, String> given = new LinkedHashMap<>(env);
        if (!helped) {
            given.putAll(NOT_FOR_A_SHELL);
        }
        Map<String, String> expected = new TreeMap<>(System.getenv());
        expected.putAll(given);
        Map<String, String> seen = run("env", List.of("-0"), given).words().stream()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
        assertThat(seen.remove("TAU_JOB_ID")).isEqualTo("job-1-0001");
        assertThat(seen.remove("TAU_JOB_STATE_DIR")).isEqualTo(dir.toString());
        assertThat(seen.remove("TAU_JOB_RUNTIME")).isNotEmpty();
        assertThat(seen).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Provide
    Arbitrary<Map<String, String>> variables() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange('A', 'Z')
                        .withChars('_', 'a', '7')
                        .ofMinLength(1)
                        .ofMaxLength(8),
                Arbitraries.of("PWD", "OLDPWD", "SHLVL", "_", "IFS", "PPID", "PS1", "OPTIND", "HOME", "CDPATH", "p"));
        return Arbitraries.maps(names.filter(name -> !Character.isDigit(name.charAt(0))), words())
                .ofMaxSize(5);
    }

    @Property(tries = TRIES)
    void the_exit_code_is_told(@ForAll @IntRange(max = 255) int code, @ForAll boolean helped) throws Exception {
        Map<String, String> env = helped ? Map.of() : NOT_FOR_A_SHELL;
        assertThat(run("sh", List.of("-c", "exit " + code), env).exit()).isEqualTo(code);
    }

    @Property(tries = 20)
    void a_signal_is_told_as_128_and_its_number(@ForAll("signals") int signal, @ForAll boolean helped)
            throws Exception {
        Map<String, String> env = helped ? Map.of() : NOT_FOR_A_SHELL;
        assertThat(run("sh", List.of("-c", "kill -" + signal + " $$; sleep 9"), env)
                        .exit())
                .isEqualTo(128 + signal);
        assertThat(run("sh", List.of("-c", "trap 'exit 3' " + signal + "; kill -" + signal + " $$; exit 4"), env)
                        .exit())
                .isEqualTo(signal == 9 ? 137 : 3);
    }

    @Provide
    Arbitrary<Integer> signals() {
        // Not those that nohup, a shell's background or JDK 17 let all processes of these tests ignore or block.
        return Arbitraries.of(9, 10, 12, 14, 15);
    }

    @Property(tries = 20)
    void it_runs_in_its_directory_with_nothing_open_but_its_outputs(@ForAll boolean helped) throws Exception {
        Map<String, String> env = helped ? Map.of() : NOT_FOR_A_SHELL;
        String script = "pwd -P; for fd in 0 1 2 3 4 5 6 7 8 9 10; do test -e /proc/$$/fd/$fd && echo $fd; done; "
                + "readlink /proc/$$/fd/0; printf '\\0'";
        String said = run("sh", List.of("-c", script), env).words().get(0);
        assertThat(said).isEqualTo(dir + "\n0\n1\n2\n/dev/null\n");
    }
}
