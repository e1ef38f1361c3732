package org.mcpservermanager.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.StartRules;

/** Reads how a server starts, what it waits for, and how long its calls may go on when it stops. */
final class StartReader {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int DEPENDENCIES_MAX = 100;
    private final Fields fields;

    StartReader(Fields fields) {
        this.fields = fields;
    }

    StartRules read(ServerId id) {
        StartRules standard = StartRules.DEFAULT;
        return new StartRules(
                fields.duration(Key.STARTUP_TIMEOUT_MAX, DAY, 1_000).orElse(standard.startupMax()),
                fields.duration(Key.DRAIN_TIMEOUT, DAY, 1).orElse(standard.drain()),
                new Dependencies(ids(Key.AFTER, id), ids(Key.REQUIRES, id), ids(Key.BIND, id)),
                fields.integer(Key.SPARES, 0, StartRules.SPARES_MAX).orElse(standard.spares()));
    }

    private List<ServerId> ids(Key key, ServerId self) {
        List<String> names = fields.texts(key);
        List<ServerId> ids = new ArrayList<>();
        for (String name : names) {
            Optional<ServerId> other = Slug.of(name).filter(found -> !found.equals(self));
            other.filter(found -> !ids.contains(found)).ifPresent(ids::add);
            if (other.isEmpty()) {
                fields.report()
                        .error(
                                fields.path(key.text()),
                                "\"" + Report.shown(name) + "\" (expected: the name or id of another server)",
                                "Name a server of this configuration, other than itself.");
            }
        }
        if (names.size() > DEPENDENCIES_MAX) {
            fields.report()
                    .error(
                            fields.path(key.text()),
                            names.size() + " servers (expected: at most " + DEPENDENCIES_MAX + ")",
                            "Shorten the list.");
        }
        return ids;
    }
}
