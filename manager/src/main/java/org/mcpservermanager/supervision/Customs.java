package org.mcpservermanager.supervision;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.mcpservermanager.custom.CustomCheck;
import org.mcpservermanager.custom.CustomServer;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Text;
import org.mcpservermanager.server.Wire;

/**
 * Where servers and checks come from that are code of others inside the manager.
 *
 * @param threads for their code
 */
public record Customs(Shelf<CustomServer> servers, Shelf<CustomCheck> checks, ThreadFactory threads) {
    /** There are none. */
    public static final Customs NONE = new Customs(new Empty<>(), new Empty<>(), Thread::new);

    /** Named things of one kind. */
    public interface Shelf<T> {
        /** In order. */
        List<String> names();

        /** Made by code of others, which may take its time, or fail. */
        Lent<T> lend(String name);
    }

    /** To be given back; that may be code of others too. */
    public interface Lent<T> extends AutoCloseable {
        T object();

        @Override
        void close();
    }

    private record Empty<T>() implements Shelf<T> {
        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public Lent<T> lend(String name) {
            throw new IllegalArgumentException("there is no bean \"" + name + "\"");
        }
    }

    /** @throws LaunchRefused bean_not_found */
    void validate(ServerSpec spec) {
        if (spec.wire() instanceof Wire.Custom custom) {
            demand(custom.bean(), "bean", servers, CustomServer.class, spec);
        }
        String check = spec.health().way().bean();
        if (!check.isEmpty()) {
            demand(check, "health.bean", checks, CustomCheck.class, spec);
        }
    }

    private static void demand(String bean, String key, Shelf<?> shelf, Class<?> type, ServerSpec spec) {
        List<String> known = shelf.names();
        if (!known.contains(bean)) {
            String shown = "\"" + Text.oneLine(bean, 80) + "\"";
            Problem problem = new Problem(
                    Problem.BEAN_NOT_FOUND,
                    key + ": " + shown + ", server '" + spec.id() + "' (" + spec.source() + ") (expected: "
                            + (known.isEmpty() ? "the name of a bean; there is none" : "one of " + known) + ")",
                    "Correct the name, or add the jar with a bean @Named(" + shown + ") that implements "
                            + type.getName() + " to the application.");
            throw new LaunchRefused(problem, false);
        }
    }
}
