package dev.tau.jobs.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.spi.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model reads the definitions again at each turn: they must cost it little. */
class DefinitionTokensTest {
    private static final int BUDGET = 900;

    @ParameterizedTest
    @EnumSource(names = {"CL100K_BASE", "O200K_BASE"})
    @SuppressWarnings("SystemOut") // the figures are for who changes a text
    void theFourDefinitionsAreShort(EncodingType type) {
        Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(type);
        Map<String, Integer> tokens = new LinkedHashMap<>();
        for (JobsTool tool :
                List.of(new JobsCreateTool(), new JobsListTool(), new JobsStatusTool(), new JobsCancelTool())) {
            tokens.put(tool.name(), encoding.countTokens(json(tool.definition())));
        }
        int sum = tokens.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("tokens of the definitions, " + type + ": " + sum + " " + tokens);
        assertThat(sum).isLessThan(BUDGET);
    }

    /** As the interfaces of models take it. */
    private static String json(ToolDefinition tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put("input_schema", tool.inputSchema());
        return new String(new JacksonJsonCodec().write(function, false), StandardCharsets.UTF_8);
    }
}
