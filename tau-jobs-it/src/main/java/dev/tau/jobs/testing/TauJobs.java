package dev.tau.jobs.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test a {@link JobsHost} on a fresh temporary directory, as a parameter; closed and deleted after the test. With
 * a {@link ManualClock} beside it, as another parameter, the host's wall time is what the test says: the first method that takes the
 * host must take the clock, too, a {@code @BeforeEach} as well. On a method, it beats the one on the class. Where a constructor or a
 * {@code @BeforeAll} method takes a host, all tests of the class have that one, with the settings of the class.
 *
 * <pre>{@code
 * @Test
 * @TauJobs({"jobs-workers=1", "no-session=true"})
 * void a_job_runs(JobsHost host) {
 *     assertThat(host.awaitEnd(host.shell("exit 3")).path("job").path("exit_code").asInt()).isEqualTo(3);
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(TauJobsExtension.class)
public @interface TauJobs {
    /** {@return settings of the tools, each as {@code key=value}} */
    String[] value() default {};
}
