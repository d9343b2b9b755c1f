package dev.tau.jobs.spi;

/**
 * Who knows more of a call than its arguments say, such as the trace that it is a part of: sees each call of a {@link ToolSet} before
 * its tool does, and adds attributes to it. Implementations have a public no-argument constructor and are named in {@code
 * META-INF/services/dev.tau.jobs.spi.ToolCallCustomizer}.
 *
 * <p>So that what a host has on its class path anyway reaches the tools, whichever framework calls them.
 */
@FunctionalInterface
public interface ToolCallCustomizer {

    /**
     * Completes a call. Called on the thread that calls the tool, by several threads at once; must not wait for anything.
     *
     * <p>What it throws is logged, and the tool gets the call as it was.
     *
     * @param call as the host has made it, or as another customizer has left it
     * @return the call for the tool; the same if there is nothing to add
     */
    ToolCall customize(ToolCall call);
}
