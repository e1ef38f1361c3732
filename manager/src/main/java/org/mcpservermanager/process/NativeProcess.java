package org.mcpservermanager.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child of this JVM that the JDK knows nothing of. Exit values are the JDK's: 128+n when signal n ended it. */
final class NativeProcess extends Process {
    private final long pid;
    private final CompletableFuture<Integer> exit;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;

    NativeProcess(
            long pid, CompletableFuture<Integer> exit, OutputStream stdin, InputStream stdout, InputStream stderr) {
        this.pid = pid;
        this.exit = exit;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public OutputStream getOutputStream() {
        return stdin;
    }

    @Override
    public InputStream getInputStream() {
        return stdout;
    }

    @Override
    public InputStream getErrorStream() {
        return stderr;
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return exit.thenApply(value -> this);
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException lost) {
            throw new IllegalStateException("how pid " + pid + " ended is not known", lost.getCause());
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            exit.get(timeout, unit);
            return true;
        } catch (TimeoutException alive) {
            return false;
        } catch (ExecutionException lost) {
            throw new IllegalStateException("how pid " + pid + " ended is not known", lost.getCause());
        }
    }

    @Override
    public int exitValue() {
        if (!exit.isDone()) {
            throw new IllegalThreadStateException("pid " + pid + " has not ended");
        }
        return exit.join();
    }

    @Override
    public ProcessHandle toHandle() {
        return ProcessHandle.of(pid).orElseThrow(() -> new IllegalStateException("pid " + pid + " has ended"));
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public void destroy() {
        // only we reap it, so that until then the number is nobody else's
        if (!exit.isDone()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    @Override
    public Process destroyForcibly() {
        if (!exit.isDone()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        return this;
    }
}
