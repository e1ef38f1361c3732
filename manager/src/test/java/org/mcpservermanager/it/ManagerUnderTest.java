package org.mcpservermanager.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The one manager that the tests of an {@link OnServer} run share; tests leave it as they found it. */
public final class ManagerUnderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final URI baseUri;
    private final Path stateDir;

    private ManagerUnderTest(int port, Path stateDir) {
        this.baseUri = URI.create("http://127.0.0.1:" + port);
        this.stateDir = stateDir;
    }

    public static ManagerUnderTest get() {
        return new ManagerUnderTest(
                Integer.parseInt(ItSettings.required("it.port")), Path.of(ItSettings.required("it.state")));
    }

    /** {@code payara-micro} or {@code wildfly}. */
    public String server() {
        return ItSettings.required("arquillian.launch");
    }

    /** Without a slash at the end. */
    public URI baseUri() {
        return baseUri;
    }

    public Path stateDir() {
        return stateDir;
    }

    public String adminKey() {
        return AdminKeyFile.read(stateDir);
    }

    /** The server's JVM. */
    public ProcessHandle process() {
        String mark = "-Dmcp.manager.state-dir=" + stateDir;
        return ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains(mark))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no child process of this JVM has " + mark));
    }

    void awaitReady() {
        Ready.await(baseUri, PATIENCE, () -> "");
    }

    private static String commandLine(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        if (!Files.isReadable(proc)) {
            return process.info().commandLine().orElse("");
        }
        try {
            return Files.readString(proc);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return "";
        }
    }
}
