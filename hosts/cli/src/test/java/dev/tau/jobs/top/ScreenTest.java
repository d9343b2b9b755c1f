package dev.tau.jobs.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.StateDirWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of directories without an owner, so that what is shown stays. */
class ScreenTest {
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path root;

    private final List<StateDirWatch> watches = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (StateDirWatch watch : watches) {
            watch.close();
        }
    }

    private void job(String dir, int number, String status, String rest) throws IOException {
        Path jobs = Files.createDirectories(root.resolve(dir).resolve("jobs"));
        String id = "job-" + (NOW - 10_000 + number) + "-" + "%04d".formatted(number);
        String reason = status.equals("failed")
                ? "job_non_zero_exit"
                : status.equals("running") ? "job_started" : "job_" + status;
        boolean ended = !status.equals("queued") && !status.equals("running");
        Files.writeString(jobs.resolve(id + ".json"), """
                {"schema_version": 1, "job_id": "%s", "command": "echo", "args": ["number %d"], "env": {}, "cwd": null,
                "requested_timeout_ms": 20000, "effective_timeout_ms": 20000, "status": "%s", "reason_code": "%s",
                "created_unix_ms": %d, "updated_unix_ms": %d, "started_unix_ms": %s, "finished_unix_ms": %s,
                "exit_code": %s, "error": null, "cancellation_requested": false, "trace": {}%s}
                """.formatted(
                        id,
                        number,
                        status,
                        reason,
                        NOW - 10_000 + number,
                        NOW - 10_000 + number,
                        status.equals("queued") ? "null" : Long.toString(NOW - 5_000),
                        ended ? Long.toString(NOW - 1_000 + number) : "null",
                        status.equals("failed") ? "3" : "null",
                        rest));
    }

    private Screen screen(String... dirs) throws IOException {
        for (String dir : dirs) {
            watches.add(StateDirReader.open(ToolContext.builder()
                            .workingDirectory(root)
                            .setting("jobs-state-dir", root.resolve(dir).toString())
                            .build())
                    .watch());
        }
        Screen screen = new Screen(watches, Map.of(), new Look(false, false));
        screen.jobsChanged();
        return screen;
    }

    private static List<String> lines(Screen screen) {
        return screen.draw(150, 20, NOW).stream()
                .map(AttributedString::toString)
                .toList();
    }

    private static String text(Screen screen) {
        return String.join("\n", lines(screen));
    }

    /** Without the title, the summaries and the heading; one directory. */
    private static List<String> statuses(Screen screen) {
        return lines(screen).subList(3, 19).stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    @Test
    void what_runs_is_first_then_what_waits_then_what_ended_last() throws IOException {
        job("a", 1, "succeeded", "");
        job("a", 2, "queued", "");
        job("a", 3, "failed", "");
        job("a", 4, "running", "");
        job("a", 5, "queued", ", \"priority\": 7");
        Screen screen = screen("a");
        assertThat(statuses(screen)).containsExactly("running", "queued", "queued", "failed", "succeeded");
        assertThat(lines(screen).get(1))
                .startsWith("queued 2  running 1  succeeded 1  failed 1  cancelled 0  no live agent  ");
        assertThat(lines(screen).get(3)).contains("its agent is gone: the next runs it", "echo 'number 4'");
        assertThat(lines(screen).get(4)).contains("waits for an agent", "number 5");
        assertThat(lines(screen).get(6)).contains("job_non_zero_exit 3, 0.9s ago", "number 3");
    }

    @Test
    void several_directories_are_one_list() throws IOException {
        job("a", 1, "queued", "");
        job("b", 2, "queued", "");
        Screen screen = screen("a", "b");
        assertThat(lines(screen).get(1)).contains("queued 1").endsWith("/a");
        assertThat(lines(screen).get(2)).contains("queued 1").endsWith("/b");
        assertThat(lines(screen).get(4)).startsWith("1  queued").contains("number 1");
        assertThat(lines(screen).get(5)).startsWith("2  queued").contains("number 2");
    }

    @ParameterizedTest
    @CsvSource({"Number 3,1", "FAILED,1", "job_queued,2", "-0002,1", "nothing,0", "ä,0"})
    void only_those_with_the_word_are_shown(String word, int count) throws IOException {
        job("a", 1, "queued", "");
        job("a", 2, "queued", "");
        job("a", 3, "failed", "");
        Screen screen = screen("a");
        screen.press(Key.FILTER, "/");
        word.codePoints().forEach(c -> screen.press(Key.TEXT, Character.toString(c)));
        screen.press(Key.ENTER, "\r");
        assertThat(statuses(screen)).hasSize(count == 0 ? 1 : count);
        assertThat(text(screen)).contains("only: " + word);
        screen.press(Key.BACK, "");
        assertThat(statuses(screen)).hasSize(3);
    }

    @Test
    void a_filter_is_typed_with_mistakes() throws IOException {
        job("a", 1, "queued", "");
        Screen screen = screen("a");
        screen.press(Key.FILTER, "/");
        assertThat(screen.isTyping()).isTrue();
        screen.press(Key.ERASE, "");
        screen.press(Key.TEXT, "q");
        screen.press(Key.DOWN, "");
        screen.press(Key.OTHER, "\u0015");
        screen.press(Key.TEXT, "\uD83D\uDE00");
        screen.press(Key.ERASE, "");
        assertThat(text(screen)).contains("/q").contains("number 1");
        screen.press(Key.BACK, "");
        assertThat(screen.isTyping()).isFalse();
        assertThat(text(screen)).doesNotContain("only:");
    }

    /** The chosen line is the one that is not drawn as its status is. */
    private static String chosen(Screen screen) {
        return screen.draw(150, 20, NOW).subList(3, 19).stream()
                .filter(line -> line.length() > 0 && line.styleAt(0).equals(org.jline.utils.AttributedStyle.INVERSE))
                .map(AttributedString::toString)
                .findFirst()
                .orElse("");
    }

    @Test
    void a_chosen_job_stays_chosen_wherever_it_goes() throws IOException {
        for (int i = 1; i <= 40; i++) {
            job("a", i, "queued", "");
        }
        Screen screen = screen("a");
        assertThat(chosen(screen)).contains("'number 1'");
        screen.press(Key.DOWN, "");
        screen.press(Key.DOWN, "");
        assertThat(chosen(screen)).contains("'number 3'");
        job("a", 3, "running", "");
        reread(screen);
        assertThat(chosen(screen)).contains("'number 3'").startsWith("running");
        screen.press(Key.LAST, "");
        assertThat(chosen(screen)).contains("'number 40'");
        screen.press(Key.DOWN, "");
        assertThat(chosen(screen)).contains("'number 40'");
        screen.press(Key.PAGE_UP, "");
        screen.press(Key.PAGE_UP, "");
        screen.press(Key.PAGE_UP, "");
        assertThat(chosen(screen)).contains("'number 3'");
        screen.press(Key.UP, "");
        assertThat(chosen(screen)).contains("'number 3'");
        screen.press(Key.FIRST, "");
        assertThat(chosen(screen)).contains("'number 3'");
    }

    /** Without an owner nobody writes events: as if the directory had another one. */
    private void reread(Screen screen) throws IOException {
        for (int i = 0; i < watches.size(); i++) {
            Files.writeString(watches.get(i).reader().directory().resolve("owner.json"), "{\"pid\": 1}");
            watches.get(i).close();
            watches.get(i).look();
        }
        screen.jobsChanged();
    }

    @Test
    void what_has_ended_is_not_cancelled_and_nothing_is_without_a_yes() throws IOException {
        job("a", 1, "queued", "");
        job("a", 2, "succeeded", "");
        Screen screen = screen("a");
        screen.press(Key.LAST, "");
        screen.press(Key.CANCEL, "c");
        assertThat(text(screen)).contains("has ended already");
        screen.press(Key.FIRST, "");
        screen.press(Key.CANCEL, "c");
        assertThat(text(screen)).contains("Cancel job-", "y / n");
        screen.press(Key.ENTER, "\r");
        assertThat(text(screen)).contains("nothing was cancelled");
        assertThat(root.resolve("a/requests")).doesNotExist();
    }

    /** Retention may have removed it: no other job is meant. */
    @Test
    void a_job_that_is_gone_is_not_cancelled_nor_another_in_its_place() throws IOException {
        job("a", 1, "queued", "");
        job("a", 2, "queued", "");
        Screen screen = screen("a");
        screen.press(Key.DOWN, "");
        screen.press(Key.CANCEL, "c");
        assertThat(text(screen)).contains("Cancel job-");
        Files.delete(root.resolve("a/jobs/job-" + (NOW - 10_000 + 2) + "-0002.json"));
        reread(screen);
        assertThat(text(screen)).contains("the job is there no more").doesNotContain("Cancel job-");
        screen.press(Key.TEXT, "y");
        assertThat(text(screen)).contains("the job is there no more", "'number 1'");
        assertThat(root.resolve("a/requests")).doesNotExist();
        assertThat(chosen(screen)).contains("'number 1'");

        screen.press(Key.ENTER, "\r");
        Files.delete(root.resolve("a/jobs/job-" + (NOW - 10_000 + 1) + "-0001.json"));
        reread(screen);
        screen.press(Key.CANCEL, "c");
        assertThat(text(screen)).contains("the job is there no more").doesNotContain("Cancel");
        screen.press(Key.BACK, "");
        assertThat(text(screen)).contains("no jobs");
    }

    @Test
    void without_an_agent_the_request_to_cancel_waits() throws IOException {
        job("a", 1, "queued", "");
        Files.createDirectories(root.resolve("a/requests"));
        Screen screen = screen("a");
        screen.press(Key.CANCEL, "c");
        screen.press(Key.TEXT, "y");
        assertThat(text(screen)).contains("no agent has taken the request");
        assertThat(root.resolve("a/requests")).isNotEmptyDirectory();
    }

    @Test
    void what_waits_for_others_or_a_time_is_last_and_says_so() throws IOException {
        String first = "job-" + (NOW - 10_000 + 1) + "-0001";
        job("a", 1, "succeeded", "");
        job("a", 2, "queued", ", \"not_before_unix_ms\": " + (System.currentTimeMillis() + 3_600_000_000L));
        job("a", 3, "queued", ", \"after\": [\"job-1-0009\"]");
        job("a", 4, "queued", ", \"after\": [\"" + first + "\"]");
        Screen screen = screen("a");
        assertThat(lines(screen).get(3)).contains("'number 4'").doesNotContain("after");
        assertThat(lines(screen).get(4)).contains("'number 2'");
        assertThat(lines(screen).get(5)).contains("'number 3'");
    }

    @Test
    void a_narrow_screen_has_room_for_the_command_and_the_end_of_the_id() throws IOException {
        job("a", 1, "failed", ", \"label\": \"build\"");
        Screen screen = screen("a");
        AttributedString line = screen.draw(80, 24, NOW).get(3);
        assertThat(line.columnLength()).isLessThanOrEqualTo(80);
        assertThat(line.toString()).contains("…").contains("-0001  build: echo").startsWith("failed ");
        assertThat(screen.draw(80, 24, NOW).get(1).toString()).endsWith("/a");
    }

    @Test
    void a_hostile_name_drives_no_terminal() throws IOException {
        job("a", 1, "queued", ", \"label\": \"x\\u001b[2J\\u202ey\"");
        assertThat(text(screen("a"))).contains("x\\u001b[2J\\u202ey: echo");
    }

    @Test
    void the_end_of_an_output_is_shown_and_long_lines_go_on() throws IOException {
        job("a", 1, "running", "");
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            output.append("line ").append(i).append('\n');
        }
        output.append("x".repeat(200)).append("\ttab\n");
        Files.writeString(root.resolve("a/jobs/job-" + (NOW - 10_000 + 1) + "-0001.stdout.log"), output.toString());
        Screen screen = screen("a");
        screen.press(Key.ENTER, "\r");
        List<String> lines = lines(screen);
        assertThat(lines.get(2)).isEqualTo("stdout:");
        assertThat(lines.get(16)).isEqualTo("line 999");
        assertThat(lines.get(17)).isEqualTo("x".repeat(150));
        assertThat(lines.get(18)).isEqualTo("x".repeat(50) + "        tab");
        screen.press(Key.OTHER_OUTPUT, "\t");
        assertThat(lines(screen).get(2)).isEqualTo("stderr:");
    }

    @Test
    void of_more_directories_than_fit_those_with_something_wrong_are_shown() throws IOException {
        String[] dirs = new String[12];
        for (int i = 0; i < dirs.length; i++) {
            dirs[i] = "d" + (i + 1);
            job(dirs[i], i + 1, i < 10 ? "succeeded" : "queued", "");
        }
        List<String> lines = lines(screen(dirs));
        assertThat(lines.get(1)).startsWith("11 ").endsWith("/d11");
        assertThat(lines.get(2)).startsWith("12 ").endsWith("/d12");
        assertThat(lines.get(3)).startsWith("1 ").endsWith("/d1");
        assertThat(lines).anyMatch(line -> line.matches("and \\d+ more directories, with nothing wrong"));
        for (int i = 1; i <= 9; i++) {
            job("d" + i, 100 + i, "queued", "");
        }
        assertThat(lines(screen(dirs)))
                .anyMatch(line -> line.matches("and \\d+ more directories, something is wrong with \\d+"));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "20,3", "80,24", "500,200"})
    void it_fits(int width, int height) throws IOException {
        for (int i = 1; i <= 30; i++) {
            job("a", i, "queued", "");
        }
        Screen screen = screen("a");
        for (Key key : List.of(Key.DOWN, Key.HELP, Key.TEXT, Key.ENTER, Key.CANCEL)) {
            screen.press(key, "");
            List<AttributedString> lines = screen.draw(width, height, NOW);
            assertThat(lines).hasSizeLessThanOrEqualTo(height).allMatch(line -> line.columnLength() <= width);
        }
    }
}
