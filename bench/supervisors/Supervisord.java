import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class Supervisord implements Contestant {
    private final Path child;
    private Path directory;
    private Process daemon;

    Supervisord(Path child) {
        this.child = child;
    }

    @Override
    public String name() {
        return "supervisord";
    }

    @Override
    public String missing() {
        return Shell.find("supervisord").isEmpty() ? "Debian package supervisor" : "";
    }

    @Override
    public void open(Path dir, List<String> children, boolean kids) throws Exception {
        directory = dir;
        StringBuilder file = new StringBuilder();
        file.append("[supervisord]\nnodaemon=true\nminfds=20000\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=")
                .append(dir.resolve("pid")).append("\n[unix_http_server]\nfile=").append(socket())
                .append("\n[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = "
                        + "supervisor.rpcinterface:make_main_rpcinterface\n[supervisorctl]\nserverurl=unix://")
                .append(socket()).append('\n');
        for (String name : children) {
            file.append("[program:").append(name).append("]\ncommand=").append(child)
                    .append("\nautostart=false\nautorestart=true\nstartsecs=0\nstartretries=1000000\nstopasgroup=true\n")
                    .append("killasgroup=true\nstdout_logfile=NONE\nstderr_logfile=NONE\nenvironment=BENCH_NAME=\"")
                    .append(name).append("\",BENCH_KIDS=\"").append(kids ? "1" : "").append("\"\n");
        }
        Shell.write(dir.resolve("supervisord.conf"), file.toString());
        daemon = Shell.start(dir, Map.of(), List.of("supervisord", "-c", dir + "/supervisord.conf"));
        Wait.until(() -> java.nio.file.Files.exists(socket()), 30, "supervisord's socket");
    }

    private Path socket() {
        return directory.resolve("s");
    }

    private void control(String verb) throws Exception {
        Shell.run(directory, Map.of(), List.of("supervisorctl", "-c", directory + "/supervisord.conf", verb, "all"));
    }

    @Override
    public void startAll() throws Exception {
        control("start");
    }

    @Override
    public void stopAll() throws Exception {
        control("stop");
    }

    @Override
    public List<Long> own() {
        return List.of(daemon.pid());
    }

    @Override
    public void close() throws Exception {
        daemon.destroy();
        daemon.waitFor();
    }
}
