package org.mcpservermanager.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Exit;

/**
 * The first process of a tree.
 *
 * @param hasInput false: nothing that is done to {@code stdin} reaches it
 */
record Leader(
        long pid,
        Instant startedAt,
        CompletableFuture<Exit> exited,
        boolean hasInput,
        OutputStream stdin,
        InputStream stdout,
        InputStream stderr) {
    private static final Exit NOT_KNOWN = new Exit(-1, 0);

    static Leader of(Process process) {
        return new Leader(
                process.pid(),
                Instant.now(),
                exitOf(process),
                true,
                process.getOutputStream(),
                process.getInputStream(),
                process.getErrorStream());
    }

    /** One that prints into files. */
    static Leader of(Process process, Outlets outlets, Marker marker) {
        CompletableFuture<Exit> exited = exitOf(process);
        return new Leader(
                process.pid(),
                Instant.now(),
                exited,
                false,
                process.getOutputStream(),
                outlets.out(marker, exited),
                outlets.err(marker, exited));
    }

    private static CompletableFuture<Exit> exitOf(Process process) {
        return process.onExit().thenApply(ended -> Exit.ofJdk(ended.exitValue()));
    }

    /** One that another JVM started: only its parent is told how it ends. */
    static Leader of(Seen survivor, TreeKeeper keeper, Outlets outlets, Marker marker) {
        CompletableFuture<Exit> exited = keeper.gone(survivor).thenApply(none -> NOT_KNOWN);
        return new Leader(
                survivor.pid(),
                ProcessHandle.of(survivor.pid())
                        .flatMap(handle -> handle.info().startInstant())
                        .orElseGet(Instant::now),
                exited,
                false,
                OutputStream.nullOutputStream(),
                outlets.out(marker, exited),
                outlets.err(marker, exited));
    }
}
