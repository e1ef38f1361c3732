package org.mcpservermanager.demo;

import java.util.List;
import java.util.stream.Stream;

/** Which method is answered by what. */
final class Demo implements Rpc.Service {
    private static final List<String> METHODS = List.of(
            "ping",
            "initialize",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/list",
            "prompts/get",
            "completion/complete",
            "logging/setLevel");
    private final Session session = new Session();
    private final Tools tools;
    private final Resources resources;

    Demo(Rpc rpc, Ticks ticks) {
        tools = new Tools(Stream.concat(
                        new PlainTools(session, rpc, ticks).tools().stream(), new AskingTools(session).tools().stream())
                .toList());
        resources = new Resources(ticks);
    }

    @Override
    public boolean mayWait(Call call) {
        return call.method().equals("tools/call") && tools.mayWait(call);
    }

    @Override
    public boolean takesBatches() {
        return session.revision().equals("2025-03-26");
    }

    @Override
    public void onNotification(String method, Json.Obj params) {
        // initialized, roots/list_changed and the rest change nothing here; an unknown notification is ignored by
        // JSON-RPC.
    }

    @Override
    public Json.Obj answer(Call call) throws RpcError {
        if (!METHODS.contains(call.method())) {
            throw new RpcError(RpcError.METHOD_NOT_FOUND, "unknown method: " + call.method());
        }
        boolean first = call.method().equals("initialize") || call.method().equals("ping");
        if (!first && session.revision().isEmpty()) {
            throw new RpcError(
                    RpcError.INVALID_REQUEST, call.method() + ": not initialized (expected: initialize first)");
        }
        Params params = new Params(call.params());
        return switch (call.method()) {
            case "initialize" -> initialize(params);
            case "tools/list" -> whole(params, tools.list());
            case "tools/call" -> tools.call(call);
            case "resources/list" -> whole(params, Resources.list());
            case "resources/templates/list" -> whole(params, Resources.templates());
            case "resources/read" -> resources.read(params);
            case "resources/subscribe" -> resources.subscribe(params);
            case "resources/unsubscribe" -> resources.unsubscribe(params);
            case "prompts/list" -> whole(params, Prompts.list());
            case "prompts/get" -> Prompts.get(params);
            case "completion/complete" -> Prompts.complete(params);
            case "logging/setLevel" -> setLevel(params);
            default -> Json.object();
        };
    }

    private Json.Obj initialize(Params params) throws RpcError {
        if (!session.revision().isEmpty()) {
            throw new RpcError(RpcError.INVALID_REQUEST, "initialize: already done");
        }
        session.open(params.text("protocolVersion"), params.object("capabilities"));
        return ((Json.Obj) JsonReader.read(HELLO)).with("protocolVersion", session.revision());
    }

    private Json.Obj setLevel(Params params) throws RpcError {
        session.level(params.text("level"));
        return Json.object();
    }

    /** Lists come in one page, so no cursor was ever given out. */
    private static Json.Obj whole(Params params, Json.Obj list) throws RpcError {
        if (params.object().has("cursor")) {
            throw RpcError.invalidParams("cursor: not one that was given out");
        }
        return list;
    }

    private static final String HELLO =
            """
            {"protocolVersion":"","capabilities":{"tools":{},"resources":{"subscribe":true},"prompts":{},"logging":{},"completions":{}},
             "serverInfo":{"name":"mcp-demo-server","title":"MCP demo server","version":"0.1.0"},
             "instructions":"A server to try things with: call echo or add, watch countdown, read demo://greeting."}""";
}
