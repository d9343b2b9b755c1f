package dev.tau.jobs.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolResultTest {

    @Test
    void success_puts_tool_and_code_before_the_payload() {
        ToolResult result = ToolResult.success("t", "t_ok", Map.of("n", 3));

        assertThat(result.isError()).isFalse();
        assertThat(result.json()).isEqualTo("{\"tool\":\"t\",\"reason_code\":\"t_ok\",\"n\":3}");
    }

    @Test
    void error_carries_the_sentence() {
        ToolResult result = ToolResult.error("t", "bad", "limit must be at least 1", Map.of());

        assertThat(result.isError()).isTrue();
        assertThat(result.content()).containsEntry("error", "limit must be at least 1");
    }

    @Test
    void json_escapes_what_json_forbids_and_replaces_half_characters() {
        String hostile = "\"\\\n\r\t\u0001\ud800x\ud83d\ude00";

        assertThat(ToolResult.success("t", "ok", Map.of("s", hostile)).json())
                .contains("\"s\":\"\\\"\\\\\\n\\r\\t\\u0001\uFFFDx\ud83d\ude00\"");
    }

    @Test
    void content_does_not_change_with_what_it_was_made_from() {
        List<Object> list = new ArrayList<>(Arrays.asList(1, null));
        Map<String, Object> payload = new LinkedHashMap<>(Map.of("list", list));
        ToolResult result = ToolResult.success("t", "ok", payload);
        list.add(2);
        payload.put("more", true);

        assertThat(result.json()).endsWith("\"list\":[1,null]}");
    }

    @Test
    void values_that_json_cannot_hold_are_refused_with_their_place() {
        assertThatThrownBy(() -> ToolResult.success("t", "ok", Map.of("a", List.of(new StringBuilder()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("$.a[0]");
        assertThatThrownBy(() -> ToolResult.success("t", "ok", Map.of("a", Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
