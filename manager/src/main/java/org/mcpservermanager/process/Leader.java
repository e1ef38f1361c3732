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

    static Leader of(Process process, boolean hasInput) {
        return new Leader(
                process.pid(),
                Instant.now(),
                process.onExit().thenApply(ended -> Exit.ofJdk(ended.exitValue())),
                hasInput,
                process.getOutputStream(),
                process.getInputStream(),
                process.getErrorStream());
    }

    /** One that another JVM started: its pipes are gone, and only its parent is told how it ends. */
    static Leader of(Seen survivor, TreeKeeper keeper) {
        return new Leader(
                survivor.pid(),
                ProcessHandle.of(survivor.pid())
                        .flatMap(handle -> handle.info().startInstant())
                        .orElseGet(Instant::now),
                keeper.gone(survivor).thenApply(none -> NOT_KNOWN),
                false,
                OutputStream.nullOutputStream(),
                InputStream.nullInputStream(),
                InputStream.nullInputStream());
    }
}
