package org.mcpservermanager.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.mcpservermanager.fuzz.Target;

/** Requests with any headers are answered: five lines of the input are the headers that MCP knows, the rest is the body. */
public final class FuzzedHeaders implements Target {
    private static final int HEADERS = 5;
    private final Bench bench = new Bench();

    public FuzzedHeaders() {
        bench.router.add("echo").answers("tools/call", "{\"content\":[]}");
    }

    @Override
    public String name() {
        return "headers";
    }

    @Override
    public String read(byte[] input) {
        String[] parts = new String(input, ISO_8859_1).split("\n", HEADERS + 1);
        Bench.Front front = Bench.one("echo")
                .type(part(parts, 0))
                .accept(part(parts, 1))
                .session(part(parts, 2))
                .version(part(parts, 3))
                .last(part(parts, 4));
        FakeReply reply = bench.post(front, part(parts, HEADERS));
        if (reply.answer == null) {
            return "stream " + reply.sink.events.size();
        }
        String code = reply.text().replaceFirst("(?s).*\"code\":(-?[0-9]+).*", "$1");
        return reply.status() + " " + (code.length() < 10 ? code : "");
    }

    private static String part(String[] parts, int index) {
        return index < parts.length ? parts[index] : "";
    }
}
