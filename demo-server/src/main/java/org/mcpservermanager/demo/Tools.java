package org.mcpservermanager.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools by name. */
final class Tools {
    private final Map<String, Tool> byName = new LinkedHashMap<>();

    Tools(List<Tool> tools) {
        tools.forEach(tool -> byName.put(tool.name(), tool));
    }

    Json.Obj list() {
        List<Json> definitions = new ArrayList<>();
        byName.values().forEach(tool -> definitions.add(tool.definition()));
        return Json.object().with("tools", new Json.Arr(definitions));
    }

    boolean mayWait(Call call) {
        Tool tool = byName.get(call.params().text("name"));
        return tool != null && tool.waits();
    }

    Json.Obj call(Call call) throws RpcError {
        Params params = new Params(call.params());
        Tool tool = byName.get(params.text("name"));
        if (tool == null) {
            throw RpcError.invalidParams("unknown tool: " + call.params().text("name"));
        }
        Json.Obj arguments = params.object().has("arguments") ? params.object("arguments") : Json.object();
        try {
            return tool.body().run(call, new Params(arguments));
        } catch (Call.Refused refused) {
            return Tool.failed(refused.getMessage());
        }
    }
}
