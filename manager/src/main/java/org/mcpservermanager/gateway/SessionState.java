package org.mcpservermanager.gateway;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.ServerId;

/**
 * All that a session is, but for what is on its way: enough to go on with it in another process.
 *
 * @param server whose endpoint it belongs to; empty for the aggregate
 * @param version the protocol revision agreed on
 */
record SessionState(
        String owner,
        Optional<ServerId> server,
        Scope scope,
        Front front,
        Profile profile,
        String version,
        SessionWishes wishes) {
    /** Profiles are a few hundred bytes; who sends more is asked to initialize again. */
    static final int LENGTH_MAX = 64 << 10;

    /** Under which the session of this id is kept. */
    static String key(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JVM has SHA-256", missing);
        }
    }

    String toJson() {
        JsonArrayBuilder watched = Json.createArrayBuilder();
        wishes.watched()
                .forEach((uri, owning) ->
                        watched.add(Json.createArrayBuilder().add(uri).add(owning.value())));
        JsonObjectBuilder all = Json.createObjectBuilder()
                .add("owner", owner)
                .add("group", scope.group())
                .add("search", scope.search())
                .add("front", front.name())
                .add("version", version)
                .add("offered", profile.protocolVersion())
                .add("capabilities", profile.capabilities())
                .add("clientInfo", profile.clientInfo())
                .add("interactive", profile.interactive())
                .add("level", wishes.level())
                .add("watched", watched);
        server.ifPresent(id -> all.add("server", id.value()));
        return all.build().toString();
    }

    /** Throws IllegalArgumentException, or another RuntimeException, when it is not what {@link #toJson} writes. */
    static SessionState of(String json) {
        JsonObject all = JsonText.tree(json);
        Map<String, ServerId> watched = new LinkedHashMap<>();
        all.getJsonArray("watched").forEach(entry -> {
            var pair = entry.asJsonArray();
            watched.put(pair.getString(0), new ServerId(pair.getString(1)));
        });
        return new SessionState(
                all.getString("owner"),
                Optional.ofNullable(all.getJsonString("server"))
                        .map(JsonString::getString)
                        .map(ServerId::new),
                new Scope(all.getString("group", ""), all.getBoolean("search", false)),
                Front.valueOf(all.getString("front")),
                new Profile(
                        all.getString("offered"),
                        all.getString("capabilities"),
                        all.getString("clientInfo"),
                        all.getBoolean("interactive")),
                all.getString("version"),
                new SessionWishes(all.getString("level"), watched));
    }
}
