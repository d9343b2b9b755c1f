package dev.tau.jobs.testing;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link TauJobs} brings; with {@code @ExtendWith} or {@code @RegisterExtension}, a host without settings. */
public final class TauJobsExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(TauJobsExtension.class);

    /** For JUnit. */
    public TauJobsExtension() {}

    /** Closed by JUnit at the end of the test, or of the class if a constructor or {@code @BeforeAll} method asked. */
    private record Opened(
            TemporaryDirectory directory,
            JobsHost host,
            @Nullable ManualClock clock) implements AutoCloseable {
        @Override
        public void close() {
            try (directory) {
                host.close();
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == JobsHost.class || type == ManualClock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        boolean turned = Arrays.asList(parameter.getDeclaringExecutable().getParameterTypes())
                .contains(ManualClock.class);
        Opened opened = test.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Opened.class, key -> open(turned, settings(test)), Opened.class);
        if (parameter.getParameter().getType() == JobsHost.class) {
            return opened.host();
        }
        if (opened.clock() == null) {
            throw new ParameterResolutionException(
                    "the host was opened by a method without a ManualClock parameter, so that "
                            + "it goes by the system's clock: the first method that takes a JobsHost must take the clock, too");
        }
        return opened.clock();
    }

    private static Opened open(boolean turned, String[] settings) {
        TemporaryDirectory directory = TemporaryDirectory.create();
        ManualClock clock = turned ? ManualClock.atNow() : null;
        InstantSource source = clock == null ? InstantSource.system() : clock;
        return new Opened(directory, JobsHost.open(directory.path(), source, settings), clock);
    }

    private static String[] settings(ExtensionContext test) {
        TauJobs annotation = test.getTestMethod()
                .map(method -> method.getAnnotation(TauJobs.class))
                .orElse(null);
        for (Class<?> type = test.getRequiredTestClass(); annotation == null && type != null; ) {
            annotation = type.getAnnotation(TauJobs.class);
            type = type.getEnclosingClass(); // @Nested
        }
        return Arrays.stream(annotation == null ? new String[0] : annotation.value())
                .flatMap(TauJobsExtension::split)
                .toArray(String[]::new);
    }

    private static Stream<String> split(String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw new ExtensionConfigurationException("@TauJobs expects key=value, found: " + setting);
        }
        return Stream.of(setting.substring(0, equals), setting.substring(equals + 1));
    }
}
