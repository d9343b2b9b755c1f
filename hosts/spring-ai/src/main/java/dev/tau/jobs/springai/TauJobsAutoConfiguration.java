package dev.tau.jobs.springai;

import dev.tau.jobs.micrometer.TauJobsMeters;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the tools of tau-jobs with the application, and closes them with it. */
@AutoConfiguration
@ConditionalOnClass(ToolCallbackProvider.class)
@EnableConfigurationProperties(TauJobsProperties.class)
public final class TauJobsAutoConfiguration {

    /** For Spring. */
    public TauJobsAutoConfiguration() {}

    @Bean
    static HeldListeners tauJobsHeldListeners() {
        return new HeldListeners();
    }

    /**
     * The tools.
     *
     * @param properties their settings
     * @param listeners are told of the end of each job
     * @param held lets them wait for the application's start
     * @return the open tools; Spring closes them
     */
    @Bean
    @ConditionalOnMissingBean
    TauJobsTools tauJobsTools(TauJobsProperties properties, ObjectProvider<JobListener> listeners, HeldListeners held) {
        ToolContext.Builder context = properties.builder();
        listeners.orderedStream().map(held::hold).forEach(context::jobListener);
        return new TauJobsTools(context.build());
    }

    /** With actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "tauJobsHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("tauJobs")
        HealthIndicator tauJobsHealthIndicator(TauJobsTools tools) {
            return new TauJobsHealthIndicator(tools);
        }
    }

    /** With Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class MetersConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "tauJobsMeters")
        TauJobsMeters tauJobsMeters(TauJobsTools tools) {
            return new TauJobsMeters(tools.tools());
        }
    }
}
