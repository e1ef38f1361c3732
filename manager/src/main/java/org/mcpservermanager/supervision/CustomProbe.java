package org.mcpservermanager.supervision;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.custom.CustomCheck;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;
import org.mcpservermanager.transport.Lane;

/** A check that is code of others; interrupted when whoever asks has given up. */
record CustomProbe(String question, Callable<Optional<String>> body, Lane lane) implements Probe {
    /** By a bean, which is made anew for each check unless its scope says otherwise. */
    static Probe of(String bean, ServerId server, Customs customs) {
        Callable<Optional<String>> body = () -> {
            try (Customs.Lent<CustomCheck> lent = customs.checks().lend(bean)) {
                return lent.object().check(server.value());
            }
        };
        Lane lane = new Lane(1, task -> {
            Thread thread = customs.threads().newThread(task);
            thread.setName("mcp-check-" + server);
            thread.setDaemon(true);
            return thread;
        });
        return new CustomProbe("bean \"" + bean + "\"", body, lane);
    }

    @Override
    public CompletableFuture<Optional<String>> check() {
        CompletableFuture<Optional<String>> verdict = new CompletableFuture<>();
        AtomicBoolean returned = new AtomicBoolean();
        try {
            Future<?> running = lane.submit(() -> run(verdict, returned));
            verdict.whenComplete((issue, failure) -> {
                if (!returned.get()) {
                    running.cancel(true);
                    lane.purge();
                }
            });
        } catch (RejectedExecutionException ended) {
            verdict.complete(Optional.of(question + " was not asked: the copy has ended"));
        }
        return verdict;
    }

    private void run(CompletableFuture<Optional<String>> verdict, AtomicBoolean returned) {
        Optional<String> issue = issue();
        returned.set(true);
        verdict.complete(issue);
    }

    private Optional<String> issue() {
        try {
            return body.call().map(text -> Text.oneLine(text, 200));
        } catch (Throwable thrown) {
            // whatever it is, the check has failed
            return Optional.of(question + " threw " + InJvm.words(thrown));
        }
    }
}
