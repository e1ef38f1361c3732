package org.mcpservermanager.gateway;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.ServerId;

/**
 * What a client asked for beyond single calls.
 *
 * @param level the word of its log level, empty when it named none
 * @param watched the URIs it subscribed to, and the server that each belongs to
 */
record SessionWishes(String level, Map<String, ServerId> watched) {
    static final SessionWishes NONE = new SessionWishes("", Map.of());
    private static final int LEVEL_LENGTH_MAX = 20;

    SessionWishes {
        watched = Collections.unmodifiableMap(new LinkedHashMap<>(watched));
    }

    /** With what this request, which was answered by a result, asked for; the very same when it is none of these. */
    SessionWishes after(Message request, Target target) {
        return switch (request.method()) {
            case Method.LOGGING_SET_LEVEL -> withLevel(request.param("level"));
            case Method.RESOURCES_SUBSCRIBE -> with(request.param("uri"), target.ownerOf(request.param("uri")));
            case Method.RESOURCES_UNSUBSCRIBE -> without(request.param("uri"));
            default -> this;
        };
    }

    private SessionWishes withLevel(String word) {
        return word.equals(level) || word.length() > LEVEL_LENGTH_MAX ? this : new SessionWishes(word, watched);
    }

    private SessionWishes with(String uri, Optional<ServerId> owner) {
        if (owner.isEmpty() || owner.get().equals(watched.get(uri))) {
            return this;
        }
        Map<String, ServerId> more = new LinkedHashMap<>(watched);
        more.put(uri, owner.get());
        return new SessionWishes(level, more);
    }

    private SessionWishes without(String uri) {
        if (!watched.containsKey(uri)) {
            return this;
        }
        Map<String, ServerId> less = new LinkedHashMap<>(watched);
        less.remove(uri);
        return new SessionWishes(level, less);
    }
}
