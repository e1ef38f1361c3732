import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** MCP Server Manager on Payara Micro, as payara/run.sh starts it, ordered about by REST. */
final class Manager implements Contestant {
    private final Path child;
    private final Path root;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process script;
    private Path directory;
    private String key;

    Manager(Path child, Path root, int port) {
        this.child = child;
        this.root = root;
        this.port = port;
    }

    @Override
    public String name() {
        return "mcp-server-manager";
    }

    @Override
    public String missing() {
        return "";
    }

    @Override
    public void open(Path dir, List<String> children, boolean kids) throws Exception {
        directory = dir;
        key = null;
        String entries = children.stream()
                .map(name -> "\"" + name + "\":{\"command\":\"" + child + "\",\"autoStart\":false,\"era\":\"legacy\",\"restart_delay\":0,\"stable_after\":1,"
                        + "\"max_restart_attempts\":1000000,\"restart_policy\":\"permanent\",\"env\":{\"BENCH_FIFO\":\"" + Shell.fifo
                        + "\",\"BENCH_NAME\":\"" + name + "\",\"BENCH_KIDS\":\"" + (kids ? "1" : "") + "\"}}")
                .collect(Collectors.joining(",\n"));
        Shell.write(dir.resolve("servers.json"), "{\"mcpServers\":{" + entries + "}}");
        script = Shell.start(
                dir,
                Map.of("MCP_MANAGER_START_CONCURRENCY", "1000", "MCP_MANAGER_SAMPLE_SECONDS", "10"),
                List.of(root + "/payara/run.sh", "--port", Integer.toString(port), "--state-dir", dir + "/state",
                        "--config", dir + "/servers.json"));
        Wait.until(this::isReady, 300, "manager at port " + port + " (see " + dir + "/log)");
        key = Files.readString(dir.resolve("state/admin.key")).trim();
        ask("/api/mcp/servers");
    }

    private boolean isReady() {
        try {
            return http.send(request("/health/ready").timeout(Duration.ofSeconds(2)).GET().build(), HttpResponse.BodyHandlers.discarding()).statusCode()
                    == 200;
        } catch (java.io.IOException notYet) {
            return false;
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(120));
        return key == null ? builder : builder.header("Authorization", "Bearer " + key);
    }

    private void ask(String path) throws Exception {
        send(path, request(path).GET());
    }

    private void post(String path) throws Exception {
        send(path, request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private void send(String path, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** Returns when every child has shaken hands: later than the others, which know no such thing. */
    @Override
    public void startAll() throws Exception {
        post("/api/mcp/servers/start");
    }

    @Override
    public void stopAll() throws Exception {
        post("/api/mcp/servers/stop");
    }

    /** The JVM and its guardian; the script that started them is not part of it. */
    @Override
    public List<Long> own() {
        List<Long> all = new ArrayList<>();
        for (long jvm : Proc.childrenOf(script.pid())) {
            all.add(jvm);
            Proc.childrenOf(jvm).stream().filter(Proc::isGuardian).forEach(all::add);
        }
        return all;
    }

    @Override
    public void close() throws Exception {
        script.destroy();
        script.waitFor();
    }
}
