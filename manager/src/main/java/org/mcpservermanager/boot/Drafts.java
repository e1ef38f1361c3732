package org.mcpservermanager.boot;

import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.config.SpecJson;
import org.mcpservermanager.manage.rest.SpecReader;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/**
 * Reads what the API defines, and remembers how it was written until it is stored, so that a reference to a variable is stored as
 * that, not as the secret it stands for.
 */
final class Drafts implements SpecReader {
    private static final int WAITING_MAX = 64;
    private final ConfigReader reader;
    private final Map<ServerSpec, String> waiting = new LinkedHashMap<>(); // guarded by waiting; the oldest first

    Drafts(ConfigReader reader) {
        this.reader = reader;
    }

    @Override
    public ServerSpec read(ServerId id, JsonObject entry, String source) {
        ServerSpec spec = reader.entry(id, entry, source);
        synchronized (waiting) {
            waiting.remove(spec);
            if (entry.toString().contains("${")) {
                waiting.put(spec, SpecJson.write(id, entry, source));
                waiting.keySet().removeIf(oldest -> waiting.size() > WAITING_MAX);
            }
        }
        return spec;
    }

    /** What is stored of the spec. */
    String text(ServerSpec spec) {
        synchronized (waiting) {
            String written = waiting.remove(spec);
            return written == null ? SpecJson.write(spec) : written;
        }
    }

    /** What was stored, with the variables as they are now. */
    ServerSpec stored(String text) {
        return SpecJson.read(text, reader);
    }
}
