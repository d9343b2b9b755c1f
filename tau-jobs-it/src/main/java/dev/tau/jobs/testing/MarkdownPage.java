package dev.tau.jobs.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of documentation in Markdown, for tests that hold its examples to what is compiled and run. Its blocks are those between
 * fences of three backquotes, and those indented by four spaces or more; of the latter an empty line begins another one.
 *
 * <pre>{@code
 * MarkdownPage.of(Path.of("docs/testing.md")).assertJavaIsIn(Path.of("src/test/java/ExampleTest.java"));
 * }</pre>
 */
public final class MarkdownPage {
    /** The language of blocks of Java. */
    public static final String JAVA = "java";

    private static final String FENCE = "```";
    private static final String INDENT = "    ";
    /** A comment that stands for lines which the page leaves out. */
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^\\s*// \u2026.*$");

    private static final Pattern WHITESPACE = Pattern.compile("\\s+");

    /**
     * One block.
     *
     * @param line the number of its first line in the page, from 1, the fence not counted
     * @param language what stands behind the fence, such as {@code java}; empty without that, and of an indented block
     * @param text its lines, without the indentation, each with its end
     */
    public record Block(int line, String language, String text) {}

    private final Path file;
    private final List<Block> blocks = new ArrayList<>();

    private MarkdownPage(Path file) {
        this.file = file;
        List<String> lines = Json.text(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(FENCE)) {
                int end = i + 1;
                while (!at(lines, end).startsWith(FENCE)) {
                    end++;
                }
                add(i + 1, line.substring(FENCE.length()).strip(), lines.subList(i + 1, end));
                i = end;
            } else if (isCode(line) && (i == 0 || lines.get(i - 1).isBlank())) {
                int end = i + 1;
                while (end < lines.size() && isCode(lines.get(end))) {
                    end++;
                }
                add(
                        i,
                        "",
                        lines.subList(i, end).stream()
                                .map(code -> code.substring(INDENT.length()))
                                .toList());
                i = end - 1;
            }
        }
    }

    private static boolean isCode(String line) {
        return line.startsWith(INDENT) && !line.isBlank();
    }

    private String at(List<String> lines, int index) {
        if (index == lines.size()) {
            throw new AssertionError(file + " ends in a block");
        }
        return lines.get(index);
    }

    private void add(int index, String language, List<String> lines) {
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        blocks.add(new Block(index + 1, language, text));
    }

    /**
     * Reads a page.
     *
     * @param file the page, in UTF-8
     * @return the page
     * @throws java.io.UncheckedIOException if it can't be read
     * @throws AssertionError if a fence is not closed
     */
    public static MarkdownPage of(Path file) {
        return new MarkdownPage(file);
    }

    /** {@return all blocks, in their order} */
    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /**
     * The blocks of a language.
     *
     * @param language what stands behind the fence
     * @return these blocks, in their order
     */
    public List<Block> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /**
     * Fails unless there is Java on this page, and each block of it is in one of these sources, whatever the white space. A line
     * {@code // …} of a block stands for any lines.
     *
     * @param sources Java files, which the test's module compiles and runs
     */
    public void assertJavaIsIn(Path... sources) {
        List<String> code =
                Arrays.stream(sources).map(source -> dense(Json.text(source))).toList();
        List<Block> java = blocks(JAVA);
        if (java.isEmpty()) {
            throw new AssertionError("there is no Java in " + file);
        }
        for (Block block : java) {
            Pattern wanted = pattern(block.text());
            if (code.stream().noneMatch(source -> wanted.matcher(source).find())) {
                throw new AssertionError(file + ":" + block.line() + ": this is in none of " + Arrays.toString(sources)
                        + ":\n" + block.text());
            }
        }
    }

    private static Pattern pattern(String java) {
        return Pattern.compile(Arrays.stream(LEFT_OUT.split(java))
                .map(part -> Pattern.quote(dense(part)))
                .collect(Collectors.joining(".*?")));
    }

    private static String dense(String text) {
        return WHITESPACE.matcher(text).replaceAll("");
    }
}
