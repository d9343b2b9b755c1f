package dev.tau.jobs.spi;

/**
 * One tool that an agent offers to its model. Implementations have a public no-argument constructor and are named in
 * {@code META-INF/services/dev.tau.jobs.spi.Tool}; hosts find and open them with {@link ToolSet#load}.
 */
public interface Tool extends AutoCloseable {

    /**
     * What the tool is called, does and takes. Valid before and after {@link #open}; after it, the texts and the schema
     * name the configured limits.
     *
     * @return never null
     */
    ToolDefinition definition();

    /**
     * Prepares the tool. Called once, before the first {@link #execute}.
     *
     * @param context settings, directories and class loader of the host
     * @throws IllegalArgumentException if a setting is not valid; the message names flag or variable, value and rule
     */
    void open(ToolContext context);

    /**
     * Runs one call. May be called from any thread, and from many at once.
     *
     * @param call the arguments, as the model gave them; nothing about them may be taken for granted
     * @return the result, never null; bad input is an error result, never an exception
     */
    ToolResult execute(ToolCall call);

    /** Releases what {@link #open} took. Calling it again does nothing. */
    @Override
    void close();

    /**
     * The version of this contract that the tool was written against.
     *
     * @return 1 for the contract as it stands here
     */
    default int contractVersion() {
        return 1;
    }
}
