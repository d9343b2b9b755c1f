package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is what the build runs; the working directory is this module's. */
class TestingPageTest {
    @Test
    void the_page_quotes_the_example_as_it_is() {
        String source = Json.text(Path.of("src/test/java/dev/tau/jobs/it/ExampleSinkTest.java"));
        String code = source.substring(source.indexOf("class ExampleSinkTest"));

        assertThat(Json.text(Path.of("../docs/testing.md"))).contains("```java\n" + code + "```\n");
    }
}
