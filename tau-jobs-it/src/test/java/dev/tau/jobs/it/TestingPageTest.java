package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.MarkdownPage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is what the build runs; the working directory is this module's. */
class TestingPageTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/tau/jobs/it");

    private final MarkdownPage page = MarkdownPage.of(Path.of("../docs/testing.md"));

    @Test
    void thePageShowsWhatIsRun() {
        page.assertJavaIsIn(
                SOURCES.resolve("AuditSink.java"),
                SOURCES.resolve("ExampleSinkTest.java"),
                SOURCES.resolve("KillableJvmIT.java"),
                SOURCES.resolve("ClockIT.java"));
    }

    @Test
    void theDependencyIsThisModule() {
        String pom = Json.text(Path.of("pom.xml"));
        String parent = pom.substring(pom.indexOf("<parent>"), pom.indexOf("</parent>"));
        String module = pom.substring(pom.indexOf("</parent>"));
        assertThat(page.blocks("xml")).singleElement().satisfies(block -> {
            for (String element : new String[] {"groupId", "version"}) {
                assertThat(element(block.text(), element)).isEqualTo(element(parent, element));
            }
            assertThat(element(block.text(), "artifactId")).isEqualTo(element(module, "artifactId"));
        });
    }

    private static String element(String xml, String name) {
        String begin = "<" + name + ">";
        assertThat(xml).contains(begin);
        return xml.substring(xml.indexOf(begin) + begin.length(), xml.indexOf("</" + name + ">"));
    }
}
