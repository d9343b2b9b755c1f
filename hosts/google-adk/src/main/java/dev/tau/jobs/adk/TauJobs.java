package dev.tau.jobs.adk;

import com.google.adk.agents.ReadonlyContext;
import com.google.adk.tools.BaseTool;
import com.google.adk.tools.BaseToolset;
import com.google.adk.tools.ToolContext;
import com.google.genai.types.FunctionDeclaration;
import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolSet;
import io.opentelemetry.context.Context;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tools of tau-jobs for an agent: {@code LlmAgent.builder().tools(TauJobs.tools())}, or {@link #toolset} for settings of one's own
 * and an end before the JVM's. Safe for use by several threads.
 */
public final class TauJobs implements BaseToolset {
    private final ToolSet tools;
    private final List<BaseTool> adapted = new ArrayList<>();

    private TauJobs(ToolSet tools) {
        this.tools = tools;
        tools.forEach(tool -> adapted.add(new Adapted(tool)));
    }

    /**
     * The tools with the settings of the environment, in the current working directory; they are closed as the JVM ends.
     *
     * @return the open tools
     * @throws IllegalStateException if one can't be opened; the message says why
     */
    public static List<BaseTool> tools() {
        return List.copyOf(toolset(dev.tau.jobs.spi.ToolContext.fromEnvironment()).adapted);
    }

    /**
     * The tools with settings of one's own.
     *
     * @param context settings, directories and class loader
     * @return the open tools; closing them ends the jobs that run, which are started again at the next start
     * @throws IllegalStateException if one can't be opened; the message says why
     */
    public static TauJobs toolset(dev.tau.jobs.spi.ToolContext context) {
        return new TauJobs(ToolSet.loadAll(context));
    }

    @Override
    public Flowable<BaseTool> getTools(ReadonlyContext context) {
        return Flowable.fromIterable(adapted);
    }

    @Override
    public void close() {
        tools.close();
    }

    /** A result has no flag for errors here: it is the member {@code error} that tells the model. */
    private static final class Adapted extends BaseTool {
        private final Tool tool;
        private final boolean readOnly;

        Adapted(Tool tool) {
            super(tool.definition().name(), tool.definition().description());
            this.tool = tool;
            this.readOnly = tool.definition().hints().readOnly();
        }

        @Override
        public Optional<FunctionDeclaration> declaration() {
            ToolDefinition definition = tool.definition();
            return Optional.of(FunctionDeclaration.builder()
                    .name(definition.name())
                    .description(definition.description())
                    .parametersJsonSchema(definition.inputSchema())
                    .build());
        }

        @Override
        public Single<Map<String, Object>> runAsync(Map<String, Object> arguments, ToolContext context) {
            // With the trace of the agent's turn, also on another thread.
            Single<Map<String, Object>> result = Single.fromCallable(Context.current()
                    .wrap(() -> tool.execute(ToolCall.of(arguments)).content()));
            // One that writes, or waits for a job, must not hold up the agent's other calls. To look at a job takes
            // less than
            // to another thread and back.
            boolean looks = readOnly && !arguments.containsKey("wait_ms");
            return looks ? result : result.subscribeOn(Schedulers.io());
        }
    }
}
