package org.mcpservermanager.demo;

import java.util.List;
import java.util.stream.Collectors;

/** Tools that ask the client back; each says so when the client cannot be asked. */
final class AskingTools {
    private final Session session;

    AskingTools(Session session) {
        this.session = session;
    }

    List<Tool> tools() {
        return List.of(
                Tool.waiting(ASK_NAME, (call, arguments) -> askName(call)),
                Tool.waiting(SUMMARIZE, this::summarize),
                Tool.waiting(WORKSPACE_ROOTS, (call, arguments) -> workspaceRoots(call)));
    }

    private Json.Obj askName(Call call) throws Call.Refused {
        if (!session.clientTakesForms()) {
            return cannot("elicitation");
        }
        Json.Obj result = call.ask("elicitation/create", (Json.Obj) JsonReader.read(FORM));
        return switch (result.text("action")) {
            case "accept" -> Tool.text("Hello, " + result.object("content").text("name") + "!");
            case "decline" -> Tool.text("You declined to tell your name.");
            case "cancel" -> Tool.text("You closed the question.");
            default -> Tool.failed("elicitation/create: the answer has no action that is known");
        };
    }

    private Json.Obj summarize(Call call, Params arguments) throws RpcError, Call.Refused {
        String text = arguments.text("text");
        int tokensMax = arguments.integer("maxTokens", 200);
        if (!session.clientCan("sampling")) {
            return cannot("sampling");
        }
        Json.Obj content = Json.object().with("type", "text").with("text", "Summarize in one sentence:\n\n" + text);
        Json.Obj result = call.ask(
                "sampling/createMessage",
                Json.object()
                        .with(
                                "messages",
                                Json.array(Json.object().with("role", "user").with("content", content)))
                        .with("systemPrompt", "You summarize texts.")
                        .with("maxTokens", tokensMax));
        return Tool.text(textOf(result.get("content")));
    }

    /** One block, or since 2025-11-25 a list of blocks. */
    private static String textOf(Json content) {
        if (content instanceof Json.Arr blocks) {
            return blocks.items().stream().map(AskingTools::textOf).collect(Collectors.joining("\n"));
        }
        return content instanceof Json.Obj block ? block.text("text") : "";
    }

    private Json.Obj workspaceRoots(Call call) throws Call.Refused {
        if (!session.clientCan("roots")) {
            return cannot("roots");
        }
        Json roots = call.ask("roots/list", Json.object()).get("roots");
        return Tool.structured(Json.object().with("roots", roots instanceof Json.Arr ? roots : Json.array()));
    }

    private static Json.Obj cannot(String capability) {
        return Tool.failed("This client cannot be asked: it did not declare the capability \"" + capability + "\".");
    }

    private static final String FORM =
            """
            {"message":"What is your name?","requestedSchema":{"type":"object",
             "properties":{"name":{"type":"string","title":"Name","description":"How you want to be greeted.","minLength":1,"maxLength":80}},
             "required":["name"]}}""";

    private static final String ASK_NAME =
            """
            {"name":"ask_name","title":"Ask for a name","description":"Asks the user for a name by elicitation and greets.",
             "inputSchema":{"type":"object","properties":{}},
             "annotations":{"title":"Ask for a name","readOnlyHint":true,"destructiveHint":false,"idempotentHint":false,"openWorldHint":false}}""";

    private static final String SUMMARIZE =
            """
            {"name":"summarize","title":"Summarize","description":"Asks the model of the client, by sampling, to summarize a text.",
             "inputSchema":{"type":"object","properties":{"text":{"type":"string"},
              "maxTokens":{"type":"integer","minimum":1,"default":200}},"required":["text"]},
             "annotations":{"title":"Summarize","readOnlyHint":true,"destructiveHint":false,"idempotentHint":false,"openWorldHint":true}}""";

    private static final String WORKSPACE_ROOTS =
            """
            {"name":"workspace_roots","title":"Workspace roots","description":"Lists the roots the client offers.",
             "inputSchema":{"type":"object","properties":{}},
             "outputSchema":{"type":"object","properties":{"roots":{"type":"array","items":{"type":"object"}}},"required":["roots"]},
             "annotations":{"title":"Workspace roots","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}""";
}
