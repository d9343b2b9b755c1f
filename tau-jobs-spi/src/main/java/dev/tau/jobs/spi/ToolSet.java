package dev.tau.jobs.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The tools of a host: found on its class path, opened, and guarded, so that none of them can end the host's run by
 * throwing. Immutable and safe for use by several threads.
 */
public final class ToolSet implements Iterable<Tool>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ToolSet.class.getName());
    private static final int CONTRACT_VERSION = 1;

    private final Map<String, Tool> tools;
    private final List<String> problems;

    private ToolSet(Map<String, Tool> tools, List<String> problems) {
        this.tools = tools;
        this.problems = List.copyOf(problems);
    }

    /**
     * Finds all tools with {@link ServiceLoader} and opens them. A tool that can't be loaded or opened is left out and
     * named in {@link #problems()}. Each {@link ToolCallCustomizer} that is found sees the calls before they do.
     *
     * <p>Both the context's class loader and the one of this class are asked: on a thread of the common pool the context
     * class loader is the system's, which in a packaged application sees no plugin.
     *
     * @param context what the tools are opened with
     * @return the open tools, in the order in which they were found
     */
    public static ToolSet load(ToolContext context) {
        List<String> problems = new ArrayList<>();
        List<ToolCallCustomizer> customizers = customizers(context, problems);
        Map<String, Tool> opened = new LinkedHashMap<>();
        for (ServiceLoader.Provider<Tool> provider : Providers.find(Tool.class, context, problems)) {
            open(provider, context, customizers, opened, problems);
        }
        problems.forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
        return new ToolSet(opened, problems);
    }

    /**
     * Finds and opens all tools, as {@link #load} does, for a host that can't do without one of them.
     *
     * @param context what the tools are opened with
     * @return the open tools, at least one, in the order in which they were found
     * @throws IllegalStateException if there are none, or a tool or a {@link ToolCallCustomizer} can't be loaded or opened; the message says
     *     why, and none is left open
     */
    public static ToolSet loadAll(ToolContext context) {
        ToolSet tools = load(context);
        if (tools.tools.isEmpty() && tools.problems.isEmpty()) {
            throw new IllegalStateException("there are no tools on the class path");
        }
        if (!tools.problems.isEmpty()) {
            tools.close();
            throw new IllegalStateException(String.join("; ", tools.problems));
        }
        return tools;
    }

    private static List<ToolCallCustomizer> customizers(ToolContext context, List<String> problems) {
        List<ToolCallCustomizer> customizers = new ArrayList<>();
        for (ServiceLoader.Provider<ToolCallCustomizer> provider :
                Providers.find(ToolCallCustomizer.class, context, problems)) {
            try {
                customizers.add(provider.get());
            } catch (ServiceConfigurationError | LinkageError e) {
                problems.add("customizer " + provider.type().getName() + " could not be made: " + e.getMessage());
            }
        }
        return customizers;
    }

    @SuppressWarnings("CatchingUnchecked") // a stranger's tool may throw anything, and the others must still work
    private static void open(
            ServiceLoader.Provider<Tool> provider,
            ToolContext context,
            List<ToolCallCustomizer> customizers,
            Map<String, Tool> opened,
            List<String> problems) {
        String className = provider.type().getName();
        try {
            Tool tool = provider.get();
            String name = tool.definition().name();
            if (tool.contractVersion() > CONTRACT_VERSION) {
                problems.add("tool " + name + " (" + className + ") needs contract version " + tool.contractVersion()
                        + ", this host has " + CONTRACT_VERSION);
            } else if (opened.containsKey(name)) {
                problems.add("tool " + name + " (" + className + ") has a name that is taken already");
            } else {
                tool.open(context);
                opened.put(name, new GuardedTool(name, tool, customizers));
            }
        } catch (Exception | LinkageError | ServiceConfigurationError e) {
            problems.add("tool " + className + " could not be opened: " + e.getMessage());
        }
    }

    /**
     * The tool of a name.
     *
     * @param name as in {@link ToolDefinition#name()}
     * @return the open tool, or empty if there is none of that name
     */
    public Optional<Tool> find(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** {@return one sentence for each tool or customizer that could not be loaded or opened} */
    public List<String> problems() {
        return problems;
    }

    @Override
    public Iterator<Tool> iterator() {
        return tools.values().iterator();
    }

    /**
     * Closes all tools, the last one opened first. Waits until running jobs have been ended and traces written: as a rule no longer than
     * the kill grace, and about a minute if sinks hang.
     */
    @Override
    public void close() {
        List<Tool> reversed = new ArrayList<>(tools.values());
        Collections.reverse(reversed);
        reversed.forEach(Tool::close);
    }

    /** Turns whatever a tool throws into an error result: some hosts end the whole run at an exception. */
    private record GuardedTool(String name, Tool tool, List<ToolCallCustomizer> customizers) implements Tool {
        @Override
        public ToolDefinition definition() {
            return tool.definition();
        }

        @Override
        public void open(ToolContext context) {
            throw new IllegalStateException("tool " + name + " is open already");
        }

        @Override
        @SuppressWarnings("CatchAndPrintStackTrace")
        public ToolResult execute(ToolCall call) {
            try {
                return Objects.requireNonNull(tool.execute(customized(call)), "it returned null");
            } catch (Throwable e) {
                LOG.log(System.Logger.Level.ERROR, "tool " + name + " threw", e);
                return ToolResult.error(name, "jobs_runtime_error", "the tool failed unexpectedly: " + e, Map.of());
            }
        }

        @SuppressWarnings("CatchingUnchecked") // a stranger's customizer may throw anything, and the call must be made
        private ToolCall customized(ToolCall call) {
            ToolCall customized = call;
            for (ToolCallCustomizer customizer : customizers) {
                try {
                    customized = Objects.requireNonNull(customizer.customize(customized), "it returned null");
                } catch (Exception | LinkageError e) {
                    LOG.log(System.Logger.Level.WARNING, "customizer " + customizer + " failed", e);
                }
            }
            return customized;
        }

        @Override
        public void close() {
            try {
                tool.close();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "tool " + name + " could not be closed", e);
            }
        }

        @Override
        public int contractVersion() {
            return tool.contractVersion();
        }
    }
}
