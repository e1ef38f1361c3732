package org.mcpservermanager.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One prompt, and completion for its arguments and for the resource template. */
final class Prompts {
    private static final List<String> NAMES =
            List.of("Ada", "Alan", "Barbara", "Donald", "Edsger", "Frances", "Grace", "Katherine", "Linus", "Margaret");
    private static final List<String> STYLES = List.of("casual", "formal");

    private Prompts() {}

    static Json.Obj list() {
        return (Json.Obj) JsonReader.read(LIST);
    }

    static Json.Obj get(Params params) throws RpcError {
        if (!params.text("name").equals("greet")) {
            throw RpcError.invalidParams("unknown prompt: " + params.text("name"));
        }
        Params arguments = new Params(params.object().object("arguments"));
        String style = arguments.text("style", "casual");
        if (!STYLES.contains(style)) {
            throw RpcError.invalidParams("style: not one of " + STYLES);
        }
        String text = "Write a " + style + " greeting for " + arguments.text("name") + ".";
        Json.Obj content = Json.object().with("type", "text").with("text", text);
        return Json.object()
                .with("description", "A " + style + " greeting")
                .with("messages", Json.array(Json.object().with("role", "user").with("content", content)));
    }

    static Json.Obj complete(Params params) throws RpcError {
        Params ref = new Params(params.object("ref"));
        Params argument = new Params(params.object("argument"));
        List<Json> values = new ArrayList<>();
        String start = argument.text("value").toLowerCase(Locale.ROOT);
        for (String candidate : candidates(ref, argument.text("name"))) {
            if (candidate.toLowerCase(Locale.ROOT).startsWith(start)) {
                values.add(new Json.Str(candidate));
            }
        }
        Json.Obj completion = Json.object()
                .with("values", new Json.Arr(values))
                .with("total", values.size())
                .with("hasMore", Json.FALSE);
        return Json.object().with("completion", completion);
    }

    private static List<String> candidates(Params ref, String argument) throws RpcError {
        String of = ref.text("type").equals("ref/prompt") ? ref.text("name") : ref.text("uri");
        boolean prompt = of.equals("greet");
        if (!prompt && !of.equals(Resources.TEMPLATE)) {
            throw RpcError.invalidParams("ref: neither the prompt greet nor the template " + Resources.TEMPLATE);
        }
        if (argument.equals("name")) {
            return NAMES;
        }
        return prompt && argument.equals("style") ? STYLES : List.of();
    }

    private static final String LIST =
            """
            {"prompts":[{"name":"greet","title":"Greet","description":"Asks for a greeting.","arguments":[
             {"name":"name","title":"Name","description":"Whom to greet.","required":true},
             {"name":"style","title":"Style","description":"casual or formal.","required":false}]}]}""";
}
