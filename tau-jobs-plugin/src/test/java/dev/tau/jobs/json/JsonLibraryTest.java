package dev.tau.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonLibraryTest {
    private static final String JACKSON = "jackson-databind";
    private static final String JSON_B = "jakarta.json.bind-api";

    /** A host on whose class path some of the jars here are not. */
    private static final class Host extends URLClassLoader {
        Host(String... absentJars) {
            super(
                    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(Path::of)
                            .filter(entry -> Stream.of(absentJars)
                                    .noneMatch(jar ->
                                            entry.getFileName().toString().startsWith(jar)))
                            .map(Host::url)
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
        }

        private static URL url(Path path) {
            try {
                return path.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }

        /** The simple name of the codec's class. */
        String codec(String library) throws Throwable {
            return codec(library, this);
        }

        String codec(String library, ClassLoader ofTheThread) throws Throwable {
            Class<?> type = loadClass(JsonLibrary.class.getName());
            Object choice = type.getMethod("parse", String.class).invoke(null, library);
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(ofTheThread);
            try {
                return type.getMethod("codec").invoke(choice).getClass().getSimpleName();
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }
    }

    @Test
    void autoTakesJacksonIfItIsThereElseJsonB() throws Throwable {
        assertThat(new Host().codec("auto")).isEqualTo("JacksonJsonCodec");
        assertThat(new Host(JSON_B).codec("auto")).isEqualTo("JacksonJsonCodec");
        assertThat(new Host(JACKSON).codec("auto")).isEqualTo("JsonbJsonCodec");
    }

    @Test
    void theLibraryThatIsAskedForIsTaken() throws Throwable {
        assertThat(new Host().codec("jsonb")).isEqualTo("JsonbJsonCodec");
        assertThat(new Host().codec(" JACKSON ")).isEqualTo("JacksonJsonCodec");
    }

    @Test
    void aMissingOneIsNamed() {
        assertThatThrownBy(() -> new Host(JACKSON).codec("jackson"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("jackson-databind");
        assertThatThrownBy(() -> new Host(JSON_B).codec("jsonb"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("JSON-B 3 provider");
        // The interfaces alone are no provider.
        assertThatThrownBy(() -> new Host("yasson", "johnzon").codec("jsonb"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("JSON-B 3 provider");
        assertThatThrownBy(() -> new Host(JACKSON, JSON_B).codec("auto"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("jackson-databind", "org.eclipse:yasson");
    }

    /** Not Yasson, which the standard finds by its name even where nobody offers it. */
    @Test
    void theThreadsClassLoaderNeedNotKnowTheProvider() throws Throwable {
        assertThat(new Host(JACKSON, "yasson", "parsson").codec("auto", ClassLoader.getPlatformClassLoader()))
                .isEqualTo("JsonbJsonCodec");
    }

    @Test
    void anotherNameIsRefusedWithTheRule() {
        assertThatThrownBy(() -> JsonLibrary.parse("gson")).hasMessage("must be auto, jackson or jsonb");
    }
}
