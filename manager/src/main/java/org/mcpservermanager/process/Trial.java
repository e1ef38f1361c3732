package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a short program of this system said and how it ended. */
record Trial(long pid, int code, List<String> lines) {
    private static final long SECONDS_MAX = 10;
    private static final int OUTPUT_MAX = 16 << 10;

    /** @throws IOException also when it is not done within 10 s */
    static Trial run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", BaseEnvironment.PATH_DEFAULT));
        Process process = builder.start();
        try {
            // little enough for the pipe, so that it never waits for us
            if (process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                byte[] output = process.getInputStream().readNBytes(OUTPUT_MAX);
                return new Trial(
                        process.pid(),
                        process.exitValue(),
                        new String(output, StandardCharsets.UTF_8).lines().toList());
            }
            process.destroyForcibly();
            throw new IOException(command.get(0) + " did not answer within " + SECONDS_MAX + " s");
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " ran", interrupted);
        }
    }
}
