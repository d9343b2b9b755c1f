package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.MarkdownPage;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Event;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bean of docs/jakarta-ee.md, compiled from the page's text: its directory, which it has no other way to be told, becomes the
 * test's. A container is played that calls what is annotated.
 */
@Timeout(120)
class JakartaPageTest {
    private static final String IMPORTS = """
            import dev.tau.jobs.spi.JobListener;
            import dev.tau.jobs.spi.ToolCall;
            import dev.tau.jobs.spi.ToolContext;
            import dev.tau.jobs.spi.ToolResult;
            import dev.tau.jobs.spi.ToolSet;
            import dev.tau.jobs.spi.TraceEvent;
            import jakarta.annotation.PostConstruct;
            import jakarta.annotation.PreDestroy;
            import jakarta.enterprise.context.ApplicationScoped;
            import jakarta.enterprise.event.Event;
            import jakarta.inject.Inject;
            import java.nio.file.Path;
            import java.util.Map;
            """;

    @TempDir
    Path root;

    @Test
    void theBeanCompilesAndItsToolsWork() throws Exception {
        List<MarkdownPage.Block> java =
                MarkdownPage.of(Path.of("../docs/jakarta-ee.md")).blocks(MarkdownPage.JAVA);
        assertThat(java).hasSize(1);
        assertThat(java.get(0).text()).contains("Path.of(\"/path/to/project\")");
        Path source = root.resolve("BackgroundJobs.java");
        Files.writeString(source, IMPORTS + java.get(0).text().replace("/path/to/project", root.toString()));
        String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", classPath, source.toString()))
                .as("exit code of the compiler, which has printed why")
                .isZero();

        try (URLClassLoader loader = new URLClassLoader(new URL[] {root.toUri().toURL()})) {
            Class<?> type = loader.loadClass("BackgroundJobs");
            Object bean = type.getConstructor().newInstance();
            BlockingQueue<Object> fired = new LinkedBlockingQueue<>();
            inject(bean, fired);
            annotated(type, PostConstruct.class).invoke(bean);
            ToolResult result = (ToolResult) type.getMethod("call", String.class, Map.class)
                    .invoke(bean, "jobs_create", Map.of("command", "true", "wait_ms", 20_000));
            assertThat(result.json()).contains("job_queued", "job_succeeded");
            assertThat(fired.poll(20, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            TraceEvent.class, end -> assertThat(end.event()).isEqualTo("succeeded"));
            annotated(type, PreDestroy.class).invoke(bean);
        }
        assertThat(root.resolve(".tau/jobs/owner.json"))
                .as("deleted at a graceful close")
                .doesNotExist();
    }

    /** What a container's event does with what it is given is the container's. */
    private static void inject(Object bean, Queue<Object> fired) throws Exception {
        Object event = Proxy.newProxyInstance(
                Event.class.getClassLoader(), new Class<?>[] {Event.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("fireAsync");
                    fired.add(arguments[0]);
                    return new CompletableFuture<>();
                });
        Field field = bean.getClass().getDeclaredField("ends");
        field.setAccessible(true);
        field.set(bean, event);
    }

    private static Method annotated(Class<?> bean, Class<? extends Annotation> annotation) {
        Method found = Arrays.stream(bean.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .findFirst()
                .orElseThrow();
        found.setAccessible(true);
        return found;
    }
}
