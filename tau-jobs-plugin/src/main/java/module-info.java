/** The four tools and their runtime. What it exports beyond its services is for tau-jobs' own hosts. */
module dev.tau.jobs.plugin {
    requires transitive dev.tau.jobs.spi;
    // What the JDK's tools show; a JDK may have been made without them.
    requires static java.management;
    requires static jdk.jfr;
    // One of the two, which the host brings.
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.databind;
    requires static jakarta.json;
    requires static jakarta.json.bind;
    requires static transitive org.jspecify;

    exports dev.tau.jobs.job;
    exports dev.tau.jobs.monitor to
            java.management;
    exports dev.tau.jobs.view;

    uses dev.tau.jobs.spi.JobGate;
    uses dev.tau.jobs.spi.JobListener;
    uses dev.tau.jobs.spi.TraceSink;

    provides dev.tau.jobs.spi.Tool with
            dev.tau.jobs.tool.JobsCreateTool,
            dev.tau.jobs.tool.JobsListTool,
            dev.tau.jobs.tool.JobsStatusTool,
            dev.tau.jobs.tool.JobsCancelTool;
    provides dev.tau.jobs.spi.TraceSink with
            dev.tau.jobs.trace.ChannelStoreSink,
            dev.tau.jobs.trace.SessionSink;
}
