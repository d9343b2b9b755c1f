package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.testing.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownPageTest {
    @TempDir
    Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private MarkdownPage page(String text) throws IOException {
        return MarkdownPage.of(file("page.md", text));
    }

    @Test
    void blocksAreFencedOrIndented() throws IOException {
        assertThat(page("""
                        # Title

                            ls
                            ls -l

                            pwd
                        text
                            of a paragraph
                        ```json
                        {

                            "a": 1}
                        ```
                        ```
                        ```
                        """).blocks())
                .containsExactly(
                        new MarkdownPage.Block(3, "", "ls\nls -l\n"),
                        new MarkdownPage.Block(6, "", "pwd\n"),
                        new MarkdownPage.Block(10, "json", "{\n\n    \"a\": 1}\n"),
                        new MarkdownPage.Block(15, "", ""));
    }

    @Test
    void aFenceThatIsNotClosedIsAMistake() {
        assertThatThrownBy(() -> page("text\n\n```java\nint a;\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("page.md");
    }

    @Test
    void javaIsFoundWhateverItsWhiteSpaceAndWhatIsLeftOut() throws IOException {
        Path source = file("A.java", "class A {\n    int a =\n            1;\n    int b = 2;\n    int c = 3;\n}\n");
        String page = "```java\nint a = 1;\n// \u2026 more\nint c = 3;\n```\n";

        page(page).assertJavaIsIn(file("B.java", "class B {}"), source);

        for (String other : new String[] {page.replace("int c", "int d"), page.replace("// \u2026", "//"), "no Java"}) {
            assertThatThrownBy(() -> page(other).assertJavaIsIn(source))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("page.md");
        }
        assertThatThrownBy(() -> page("text\n" + page.replace("a = 1", "a = 2")).assertJavaIsIn(source))
                .hasMessageContaining("page.md:3: ")
                .hasMessageContaining("A.java");
    }
}
