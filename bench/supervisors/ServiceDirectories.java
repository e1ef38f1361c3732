import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The family of daemontools: a directory and a supervising process for each child. */
final class ServiceDirectories implements Contestant {
    private final Path child;
    private final String name;
    private final String scanner;
    private final List<String> scan;
    private final List<String> up;
    private final List<String> down;
    private final String packageName;
    private List<String> children = List.of();
    private Path directory;
    private Process daemon;

    private ServiceDirectories(
            Path child, String name, String packageName, List<String> scan, List<String> up, List<String> down) {
        this.child = child;
        this.name = name;
        this.packageName = packageName;
        this.scanner = scan.get(0);
        this.scan = scan;
        this.up = up;
        this.down = down;
    }

    static Contestant s6(Path child) {
        return new ServiceDirectories(
                child, "s6", "s6", List.of("s6-svscan", "-c", "2000"), List.of("s6-svc", "-u"), List.of("s6-svc", "-d"));
    }

    static Contestant runit(Path child) {
        // sv waits for every service; its orders can also be written into the control pipe, as here
        return new ServiceDirectories(child, "runit", "runit", List.of("runsvdir"), List.of("pipe", "u"), List.of("pipe", "d"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String missing() {
        return Shell.find(scanner).isEmpty() ? "Debian package " + packageName : "";
    }

    @Override
    public void open(Path dir, List<String> names, boolean kids) throws Exception {
        directory = dir;
        children = names;
        for (String each : names) {
            Path service = dir.resolve("services").resolve(each);
            Shell.script(
                    service.resolve("run"),
                    "#!/bin/sh\nexport BENCH_NAME=" + each + " BENCH_KIDS=" + (kids ? "1" : "") + "\nexec " + child
                            + " </dev/null\n");
            Shell.write(service.resolve("down"), "");
        }
        List<String> command = new ArrayList<>(scan);
        command.add(dir.resolve("services").toString());
        daemon = Shell.start(dir, Map.of(), command);
        Wait.until(
                () -> names.stream().allMatch(each ->
                        Files.exists(dir.resolve("services/" + each + "/supervise/" + (isRunit() ? "ok" : "control")))),
                120,
                name + " with a supervisor for each child");
    }

    private boolean isRunit() {
        return up.get(0).equals("pipe");
    }

    private void order(List<String> how) throws Exception {
        StringBuilder script = new StringBuilder();
        for (String each : children) {
            Path service = directory.resolve("services").resolve(each);
            script.append(
                    isRunit()
                            ? "printf " + how.get(1) + " >" + service + "/supervise/control\n"
                            : String.join(" ", how) + " " + service + "\n");
        }
        Path file = directory.resolve("order.sh");
        Shell.write(file, script.toString());
        Shell.run(directory, Map.of(), List.of("sh", file.toString()));
    }

    @Override
    public void startAll() throws Exception {
        order(up);
    }

    @Override
    public void stopAll() throws Exception {
        order(down);
    }

    @Override
    public List<Long> own() {
        List<Long> all = new ArrayList<>(List.of(daemon.pid()));
        all.addAll(Proc.childrenOf(daemon.pid()));
        return all;
    }

    @Override
    public void close() throws Exception {
        List<Long> supervisors = Proc.childrenOf(daemon.pid());
        if (isRunit()) {
            new ProcessBuilder("kill", "-HUP", Long.toString(daemon.pid())).start().waitFor();
        } else {
            daemon.destroy();
        }
        daemon.waitFor();
        Wait.until(() -> Proc.living(supervisors) == 0, 30, "end of " + name);
    }
}
