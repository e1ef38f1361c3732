package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunScriptIT {
    private static final long CLOSE_ON_EXEC = 02_000_000;

    @TempDir
    private Path stateDir;

    private Process script;
    private List<ProcessHandle> servers = List.of();

    @AfterEach
    void leaveNothingBehind() {
        if (script != null) {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
            servers.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"payara-micro", "wildfly"})
    void saysWhereItIsReadyAndStopsWhenTold(String server) throws Exception {
        int port = freePort();

        run("--server", server, "--port", Integer.toString(port));
        String said = readUntil("\"mcpServers\"");
        assertEquals("200", Ready.probe(URI.create("http://127.0.0.1:" + port)));
        servers = script.descendants().toList();
        script.toHandle().destroy(); // Process.destroy would also close what it says at the end
        String rest = readUntil("Stopped.");

        assertEquals(0, script.waitFor(), rest);
        assertAllEnd();
        assertEquals("STOPPED", lastPhase(), "the last change reaches the database");
        assertTrue(said.contains(stateDir.toRealPath().resolve("admin.key").toString()), said);
        assertFalse(Files.exists(stateDir.resolve("admin.key")) && (said + rest).contains(AdminKeyFile.read(stateDir)));
    }

    private String lastPhase() throws SQLException {
        String url = "jdbc:h2:file:" + stateDir.resolve("db").resolve("manager");
        String query = "select to_phase from history where server_id = 'demo' order by change_number desc limit 1";
        try (Connection database = DriverManager.getConnection(url, "sa", "");
                ResultSet found = database.createStatement().executeQuery(query)) {
            return found.next() ? found.getString(1) : "none";
        }
    }

    @Test
    void stopsTheServerThoughNobodyListensAnyMore() throws IOException, InterruptedException {
        run("--port", Integer.toString(freePort()));
        readUntil("\"mcpServers\"");
        servers = script.descendants().toList();
        script.destroy(); // also closes the pipe that it writes to

        assertEquals(0, script.waitFor());
        assertAllEnd();
    }

    /** Java would close them in every process it starts, one by one; the system does that at once. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @DisabledForJreRange(min = JRE.JAVA_18, max = JRE.JAVA_21, disabledReason = "no way to call the C library")
    void itsServersInheritNoPipeOfOthers() throws IOException {
        run("--port", Integer.toString(freePort()));
        readUntil("\"mcpServers\"");
        Api.until(
                () -> demo().isPresent(),
                () -> "the demo server in " + script.descendants().toList());
        servers = script.descendants().toList();
        ProcessHandle demo = demo().orElseThrow();
        Path manager = Path.of("/proc/" + demo.parent().orElseThrow().pid());

        for (int number = 0; number <= 2; number++) {
            Path pipe = Files.readSymbolicLink(Path.of("/proc/" + demo.pid() + "/fd/" + number));
            long flags = Long.parseLong(flagsOf(manager, pipe), 8);
            assertTrue((flags & CLOSE_ON_EXEC) != 0, pipe + " of the manager: " + Long.toOctalString(flags));
        }
    }

    private Optional<ProcessHandle> demo() {
        return script.descendants()
                .filter(each -> each.info().commandLine().orElse("").contains("mcp-demo-server"))
                .findFirst();
    }

    private static String flagsOf(Path process, Path pipe) throws IOException {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            Path number = open.filter(each -> leadsTo(each, pipe)).findFirst().orElseThrow();
            return Files.readAllLines(process.resolve("fdinfo").resolve(number.getFileName())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .map(line -> line.substring("flags:".length()).strip())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean leadsTo(Path descriptor, Path pipe) {
        try {
            return Files.readSymbolicLink(descriptor).equals(pipe);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void refusesAnOptionItDoesNotKnow() throws IOException, InterruptedException {
        run("--prot", "8080");

        assertTrue(readUntil("--help").contains("unknown option: --prot"));
        assertEquals(2, script.waitFor());
    }

    @Test
    void saysThatThePortIsTaken() throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            run("--port", Integer.toString(other.getLocalPort()));

            assertTrue(readUntil("taken").contains("port " + other.getLocalPort()));
            assertEquals(1, script.waitFor());
        }
    }

    @Test
    void showsWhyTheServerEnded() throws IOException, InterruptedException {
        ProcessBuilder builder = command("--port", Integer.toString(freePort()));
        builder.environment().put("MCP_MANAGER_JAVA_OPTS", "-XX:NoSuchOption");
        script = builder.start();

        assertTrue(readUntil("server.log").contains("NoSuchOption"));
        assertEquals(1, script.waitFor());
    }

    private void assertAllEnd() {
        for (ProcessHandle process : servers) { // the guardian outlives the server for a moment, to sweep up
            assertDoesNotThrow(() -> process.onExit().get(20, TimeUnit.SECONDS), () -> process + " is left behind");
        }
    }

    private void run(String... options) throws IOException {
        script = command(options).start();
    }

    private ProcessBuilder command(String... options) {
        List<String> command = new ArrayList<>();
        command.add(ItSettings.required("it.run.script"));
        command.addAll(List.of("--state-dir", stateDir.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** Everything printed so far, up to the line that holds the text; the class's timeout bounds it. */
    private String readUntil(String text) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader output = script.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.contains(text)) {
                return said.toString();
            }
        }
        throw new AssertionError("it never said \"" + text + "\" but:\n" + said);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
