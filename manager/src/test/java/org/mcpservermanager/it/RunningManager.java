package org.mcpservermanager.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A manager of the test's own on Payara Micro, which may be killed and started again on the same state directory. */
public final class RunningManager implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long STOP_SECONDS = 60;
    private static final int TAIL_CHARS = 4000;
    private final Launch launch;
    private final Process process;
    private final URI baseUri;
    private final Path log;

    private RunningManager(Launch launch, Process process, int port, Path log) {
        this.launch = launch;
        this.process = process;
        this.baseUri = URI.create("http://127.0.0.1:" + port);
        this.log = log;
    }

    public static Launch in(Path stateDir) {
        return new Launch(stateDir);
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    public long pid() {
        return process.pid();
    }

    /** Without a slash at the end. */
    public URI baseUri() {
        return baseUri;
    }

    public Path stateDir() {
        return launch.stateDir;
    }

    public String adminKey() {
        return AdminKeyFile.read(launch.stateDir);
    }

    /** Where the server's output goes. */
    public Path log() {
        return log;
    }

    /** SIGKILL: no shutdown code runs. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, as an operator or the system would; fails when the server has to be killed. */
    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("pid " + pid() + " still ran " + STOP_SECONDS
                        + " s after it was told to stop; killed; end of its log:\n" + tail());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping pid " + pid(), e);
        }
    }

    private String tail() {
        try {
            String all = Files.readString(log, StandardCharsets.UTF_8);
            return all.substring(Math.max(0, all.length() - TAIL_CHARS));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String hopeless() {
        return process.isAlive() ? "" : "it exited with " + process.exitValue() + ":\n" + tail();
    }

    /** How to start one; port 0 means any free one. */
    public static final class Launch {
        private final Path stateDir;
        private final List<String> jvmArgs = new ArrayList<>();
        private int port;

        private Launch(Path stateDir) {
            this.stateDir = stateDir.toAbsolutePath();
        }

        public Launch config(Path file) {
            return jvmArg("-Dmcp.manager.config=" + file.toAbsolutePath());
        }

        public Launch port(int wanted) {
            this.port = wanted;
            return this;
        }

        public Launch jvmArg(String arg) {
            jvmArgs.add(arg);
            return this;
        }

        /** Returns when the manager is ready. */
        public RunningManager start() {
            RunningManager manager = spawn();
            try {
                Ready.await(manager.baseUri, PATIENCE, manager::hopeless);
            } catch (RuntimeException e) {
                manager.process.destroyForcibly();
                throw new IllegalStateException(e.getMessage() + "\nend of its log:\n" + manager.tail(), e);
            }
            return manager;
        }

        /** Returns at once: for tests of what happens before it is ready, or when it refuses to start. */
        public RunningManager spawn() {
            int chosen = port == 0 ? freePort() : port;
            try {
                Path work = Files.createDirectories(Path.of(ItSettings.required("it.directory")));
                Path log = Files.createTempFile(work, "manager-", ".log");
                Path root = Files.createTempDirectory(work, "payara-");
                Process process = new ProcessBuilder(command(chosen, root))
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                return new RunningManager(this, process, chosen, log);
            } catch (IOException e) {
                throw new UncheckedIOException("starting a manager on port " + chosen, e);
            }
        }

        private List<String> command(int chosen, Path root) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(ItSettings.required("it.jvm.args").split(" ")));
            command.add("-Dmcp.manager.state-dir=" + stateDir);
            command.add("-Dmcp.manager.port=" + chosen);
            command.addAll(jvmArgs);
            command.add("@" + ItSettings.required("it.payara.options"));
            command.addAll(List.of("-jar", ItSettings.required("it.payara.jar")));
            command.addAll(List.of("--nohazelcast", "--disablephonehome", "--rootdir", root.toString()));
            command.addAll(List.of("--prebootcommandfile", ItSettings.required("it.payara.preboot")));
            command.addAll(List.of("--contextroot", "/", "--port", Integer.toString(chosen)));
            command.addAll(List.of("--deploy", ItSettings.required("it.war")));
            return command;
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException("looking for a free port", e);
            }
        }
    }
}
