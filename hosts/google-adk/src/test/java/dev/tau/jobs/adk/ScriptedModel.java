package dev.tau.jobs.adk;

import com.google.adk.models.BaseLlm;
import com.google.adk.models.BaseLlmConnection;
import com.google.adk.models.LlmRequest;
import com.google.adk.models.LlmResponse;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.Part;
import dev.tau.jobs.testing.AgentScript;
import dev.tau.jobs.testing.Json;
import io.reactivex.rxjava3.core.Flowable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A model that needs no network: it does what a script says. */
final class ScriptedModel extends BaseLlm {
    private final AgentScript script;
    private String asked = "";

    ScriptedModel(AgentScript script) {
        super("scripted");
        this.script = script;
    }

    @Override
    public Flowable<LlmResponse> generateContent(LlmRequest request, boolean stream) {
        List<Content> contents = request.contents();
        List<Part> last = contents.get(contents.size() - 1).parts().orElse(List.of());
        last.stream().map(Part::text).flatMap(Optional::stream).forEach(text -> asked = text);
        String answer = last.stream()
                .map(Part::functionResponse)
                .flatMap(Optional::stream)
                .map(FunctionResponse::response)
                .flatMap(Optional::stream)
                .map(response -> Json.tree(response).toString())
                .findFirst()
                .orElse(null);
        Part part = script.next(answer)
                .map(call -> Part.builder()
                        .functionCall(FunctionCall.builder()
                                .name(call.tool())
                                .args(arguments(call.arguments()))
                                .build())
                        .build())
                .orElseGet(() -> Part.fromText("done"));
        return Flowable.just(LlmResponse.builder()
                .content(Content.builder().role("model").parts(part).build())
                .build());
    }

    /** What it was asked last. */
    String asked() {
        return asked;
    }

    /** Gemini's calls come as objects: what is no JSON can't. */
    private static Map<String, Object> arguments(String json) {
        return JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
    }

    @Override
    public BaseLlmConnection connect(LlmRequest request) {
        throw new UnsupportedOperationException();
    }
}
