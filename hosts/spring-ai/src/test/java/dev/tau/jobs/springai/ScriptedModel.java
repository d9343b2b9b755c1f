package dev.tau.jobs.springai;

import static java.util.Objects.requireNonNull;

import dev.tau.jobs.testing.AgentScript;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** A chat model that needs no network: it does what a script says. */
final class ScriptedModel implements ChatModel {
    private final AgentScript script;
    private final List<ToolDefinition> tools = new ArrayList<>();

    ScriptedModel(AgentScript script) {
        this.script = script;
    }

    @Override
    public ChatOptions getOptions() {
        return ToolCallingChatOptions.builder().build();
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        if (tools.isEmpty() && prompt.getOptions() instanceof ToolCallingChatOptions options) {
            requireNonNull(options.getToolCallbacks()).stream()
                    .map(ToolCallback::getToolDefinition)
                    .forEach(tools::add);
        }
        Message last = prompt.getInstructions().get(prompt.getInstructions().size() - 1);
        String answer = last instanceof ToolResponseMessage response
                ? response.getResponses().get(0).responseData()
                : null;
        AssistantMessage message = script.next(answer)
                .map(call -> AssistantMessage.builder()
                        .content("")
                        .toolCalls(List.of(
                                new AssistantMessage.ToolCall("call", "function", call.tool(), call.arguments())))
                        .build())
                .orElseGet(() -> new AssistantMessage("done"));
        return new ChatResponse(List.of(new Generation(message)));
    }

    /** What the framework told the model of. */
    List<ToolDefinition> tools() {
        return tools;
    }
}
