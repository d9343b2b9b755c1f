/**
 * The contracts between an agent, the tools that it offers to its model, and the sinks that its tools report to.
 * Depends on nothing but {@code java.base}.
 */
module dev.tau.jobs.spi {
    requires static transitive org.jspecify;

    exports dev.tau.jobs.spi;

    uses dev.tau.jobs.spi.Tool;
    uses dev.tau.jobs.spi.ToolCallCustomizer;
}
