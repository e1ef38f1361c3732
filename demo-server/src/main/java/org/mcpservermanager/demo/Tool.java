package org.mcpservermanager.demo;

/**
 * A tool: what is listed, and what is done.
 *
 * @param waits whether a call may take long, so that it needs a thread of its own
 */
record Tool(Json.Obj definition, boolean waits, Body body) {
    /** Does the work of a tool. */
    interface Body {
        Json.Obj run(Call call, Params arguments) throws RpcError, Call.Refused;
    }

    String name() {
        return definition.text("name");
    }

    static Tool quick(String definition, Body body) {
        return new Tool((Json.Obj) JsonReader.read(definition), false, body);
    }

    static Tool waiting(String definition, Body body) {
        return new Tool((Json.Obj) JsonReader.read(definition), true, body);
    }

    static Json.Obj text(String text) {
        return Json.object()
                .with("content", Json.array(Json.object().with("type", "text").with("text", text)));
    }

    static Json.Obj failed(String text) {
        return text(text).with("isError", Json.TRUE);
    }

    /** Text besides the structure, for clients older than structured content. */
    static Json.Obj structured(Json.Obj structure) {
        return text(Json.text(structure)).with("structuredContent", structure);
    }
}
