package dev.tau.jobs.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.tau.jobs.testing.AgentScript;
import java.util.ArrayList;
import java.util.List;

/** A chat model that needs no network: it does what a script says. */
final class ScriptedModel implements ChatModel {
    private AgentScript script;
    private final List<ToolExecutionResultMessage> results = new ArrayList<>();
    private List<ToolSpecification> tools = List.of();
    private String asked = "";

    ScriptedModel(AgentScript script) {
        this.script = script;
    }

    /** What it does in the next turn; it remembers nothing of the one before. */
    void next(AgentScript another) {
        script.assertPlayed();
        script = another;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        tools = request.toolSpecifications();
        ChatMessage last = request.messages().get(request.messages().size() - 1);
        String answer = null;
        if (last instanceof UserMessage user) {
            asked = user.singleText();
        }
        if (last instanceof ToolExecutionResultMessage result) {
            results.add(result);
            answer = result.text();
        }
        AiMessage message = script.next(answer)
                .map(call -> AiMessage.from(ToolExecutionRequest.builder()
                        .id("call-" + results.size())
                        .name(call.tool())
                        .arguments(call.arguments())
                        .build()))
                .orElseGet(() -> AiMessage.from("done"));
        return ChatResponse.builder().aiMessage(message).build();
    }

    /** What the framework told the model of. */
    List<ToolSpecification> tools() {
        return tools;
    }

    /** What it was asked last. */
    String asked() {
        return asked;
    }

    /** What the framework handed to the model, call by call. */
    List<ToolExecutionResultMessage> results() {
        return results;
    }
}
