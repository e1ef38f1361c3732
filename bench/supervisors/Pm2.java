import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class Pm2 implements Contestant {
    private final Path child;
    private final String program;
    private Path directory;

    Pm2(Path child) {
        this.child = child;
        this.program = Shell.find(System.getenv().getOrDefault("PM2", "pm2"));
    }

    @Override
    public String name() {
        return "pm2";
    }

    @Override
    public String missing() {
        return program.isEmpty() ? "npm install pm2, and PM2=path/to/pm2" : "";
    }

    @Override
    public void open(Path dir, List<String> children, boolean kids) throws Exception {
        directory = dir;
        String apps = children.stream()
                .map(name -> "{\"name\":\"" + name + "\",\"script\":\"" + child
                        + "\",\"interpreter\":\"none\",\"exec_mode\":\"fork\",\"restart_delay\":0,\"min_uptime\":0,"
                        + "\"max_restarts\":1000000,\"out_file\":\"/dev/null\",\"error_file\":\"/dev/null\","
                        + "\"env\":{\"BENCH_NAME\":\"" + name + "\",\"BENCH_KIDS\":\"" + (kids ? "1" : "") + "\"}}")
                .collect(Collectors.joining(",\n"));
        Shell.write(dir.resolve("apps.json"), "{\"apps\":[" + apps + "]}");
        pm2("ping");
        Wait.until(() -> Files.exists(dir.resolve("pm2.pid")), 30, "pm2 daemon");
    }

    private void pm2(String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(program));
        command.addAll(List.of(words));
        Shell.run(directory, Map.of("PM2_HOME", directory.toString(), "PM2_DISCRETE_MODE", "true"), command);
    }

    @Override
    public void startAll() throws Exception {
        pm2("start", directory + "/apps.json");
    }

    @Override
    public void stopAll() throws Exception {
        pm2("stop", "all");
    }

    @Override
    public List<Long> own() {
        try {
            return List.of(Long.parseLong(Files.readString(directory.resolve("pm2.pid")).trim()));
        } catch (java.io.IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }

    @Override
    public void close() throws Exception {
        pm2("kill");
    }
}
