package dev.tau.jobs.spi;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Name, texts, schemas and hints of a {@link Tool}: what a host shows to its model. Immutable. */
public final class ToolDefinition {
    private final String name;
    private final String title;
    private final String description;
    private final Map<String, @Nullable Object> inputSchema;
    private final @Nullable Map<String, @Nullable Object> outputSchema;
    private final ToolHints hints;

    private ToolDefinition(Builder builder) {
        this.name = builder.name;
        this.title = builder.title;
        this.description = builder.description;
        this.inputSchema = builder.inputSchema;
        this.outputSchema = builder.outputSchema;
        this.hints = builder.hints;
    }

    /**
     * Starts a definition. The schema defaults to an object without members, the title to the name.
     *
     * @param name what the model calls, such as {@code jobs_create}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the name that the model calls; unique in a {@link ToolSet}} */
    public String name() {
        return name;
    }

    /** {@return a short name for people} */
    public String title() {
        return title;
    }

    /** {@return what the tool does and when to use it, written for a model} */
    public String description() {
        return description;
    }

    /** {@return a JSON Schema 2020-12 of the arguments, deeply immutable} */
    public Map<String, @Nullable Object> inputSchema() {
        return inputSchema;
    }

    /** {@return a JSON Schema 2020-12 of the result's content, deeply immutable; null where none is promised} */
    public @Nullable Map<String, @Nullable Object> outputSchema() {
        return outputSchema;
    }

    /** {@return what a host may assume of the tool} */
    public ToolHints hints() {
        return hints;
    }

    @Override
    public String toString() {
        return "ToolDefinition[" + name + "]";
    }

    /** Collects the parts of a {@link ToolDefinition}. Not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private String title;
        private String description = "";
        private Map<String, @Nullable Object> inputSchema = JsonValues.freezeMap(Map.of("type", "object"));
        private @Nullable Map<String, @Nullable Object> outputSchema;
        private ToolHints hints = new ToolHints(false, true, false, true);

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
            this.title = name;
        }

        /**
         * Sets the short name for people.
         *
         * @param value the title
         * @return this
         */
        public Builder title(String value) {
            this.title = Objects.requireNonNull(value, "title");
            return this;
        }

        /**
         * Sets the text for the model.
         *
         * @param value the description
         * @return this
         */
        public Builder description(String value) {
            this.description = Objects.requireNonNull(value, "description");
            return this;
        }

        /**
         * Sets the schema of the arguments.
         *
         * @param value a JSON Schema 2020-12; copied
         * @return this
         * @throws IllegalArgumentException if a value in it is not JSON-shaped
         */
        public Builder inputSchema(Map<String, ? extends @Nullable Object> value) {
            this.inputSchema = JsonValues.freezeMap(value);
            return this;
        }

        /**
         * Sets the schema of the result's content.
         *
         * @param value a JSON Schema 2020-12; copied
         * @return this
         * @throws IllegalArgumentException if a value in it is not JSON-shaped
         */
        public Builder outputSchema(Map<String, ? extends @Nullable Object> value) {
            this.outputSchema = JsonValues.freezeMap(value);
            return this;
        }

        /**
         * Sets what a host may assume; the default is the most cautious.
         *
         * @param value the hints
         * @return this
         */
        public Builder hints(ToolHints value) {
            this.hints = Objects.requireNonNull(value, "hints");
            return this;
        }

        /** {@return the definition} */
        public ToolDefinition build() {
            return new ToolDefinition(this);
        }
    }
}
