package org.mcpservermanager.boot;

import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.mcpservermanager.gateway.modern.Seal;
import org.mcpservermanager.security.SealKey;
import org.mcpservermanager.server.ProblemException;

/** Keeps the seal to the keys of its file, which the operator changes while managers run. */
final class SealKeys implements AutoCloseable {
    static final long ROUND_SECONDS = 60;
    private static final Logger LOG = Logger.getLogger(SealKeys.class.getName());

    private final Path file;
    private final Seal seal;
    private final Future<?> rounds;
    private String told = ""; // only in rounds

    SealKeys(Path file, ScheduledExecutorService timer) {
        this.file = file;
        this.seal = Seal.of(SealKey.in(file));
        this.rounds = timer.scheduleWithFixedDelay(this::look, ROUND_SECONDS, ROUND_SECONDS, TimeUnit.SECONDS);
    }

    Seal seal() {
        return seal;
    }

    /** A file that cannot be read changes nothing; that is said once. */
    void look() {
        try {
            SealKey.again(file).ifPresent(keys -> {
                if (seal.become(keys)) {
                    LOG.info(() -> "the keys of \"" + file + "\" changed: " + keys.size() + " now");
                }
            });
            told = "";
        } catch (ProblemException refused) {
            String text = refused.problem().toString();
            if (!text.equals(told)) {
                LOG.warning(() -> "the keys stay as they were: " + text);
                told = text;
            }
        }
    }

    @Override
    public void close() {
        rounds.cancel(false);
    }
}
