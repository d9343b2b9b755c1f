package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is what the build runs; the working directory is this module's. */
class TestingPageTest {
    @Test
    void the_page_quotes_the_example_as_it_is() {
        String page = Json.text(Path.of("../docs/testing.md"));
        for (String name : List.of("AuditSink", "ExampleSinkTest")) {
            String source = Json.text(Path.of("src/test/java/dev/tau/jobs/it/" + name + ".java"));
            String code = source.substring(source.lastIndexOf(";\n\n", source.indexOf("class " + name)) + 3);
            assertThat(page).contains("```java\n" + code + "```\n");
        }
    }
}
