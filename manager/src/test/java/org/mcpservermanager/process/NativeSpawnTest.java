package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Skipped by releases of Java between 17 and 22, which have no lasting way to call the C library. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class NativeSpawnTest {
    private static final List<String> SESSION = List.of("/usr/bin/setsid");

    @TempDir
    Path directory;

    private NativeSpawn spawn;

    @BeforeEach
    void open() {
        int release = Runtime.version().feature();
        assumeTrue(release == 17 || release >= 22);
        spawn = NativeSpawn.ofThisJvm(SESSION).orElseThrow();
    }

    @AfterEach
    void close() {
        if (spawn != null) {
            spawn.close();
        }
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().put("NAME", "välue");
        return spawn.start(builder, List.of());
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void passesThreePipesAndNoOtherDescriptorOfThisJvm() throws Exception {
        try (RandomAccessFile ours = new RandomAccessFile(new File(directory.toFile(), "ours"), "rw")) {
            ours.write(1);
            Process process = start("/bin/sh", "-c", "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done");

            List<String> numbers = output(process).lines().toList();

            // the shell may have the directory open while it lists it
            assertEquals(List.of("0", "1", "2"), numbers.subList(0, 3));
            assertTrue(numbers.size() <= 4, numbers::toString);
        }
    }

    @Test
    void blocksAndIgnoresNoSignal() throws Exception {
        List<String> masks = output(
                        start("/bin/sh", "-c", "while read -r line; do echo \"$line\"; done </proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("SigBlk") || line.startsWith("SigIgn"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList();

        assertEquals(List.of("0000000000000000", "0000000000000000"), masks);
    }

    @Test
    void startsInTheDirectoryWithTheEnvironment() throws Exception {
        assertEquals(directory.toRealPath() + " välue\n", output(start("/bin/sh", "-c", "echo \"$(pwd -P) $NAME\"")));
    }

    @Test
    void leadsASessionOnlyWhenTold() throws Exception {
        String own = "read -r pid name state parent group session rest </proc/self/stat; echo $((pid == session))";

        assertEquals("0\n", output(start("/bin/sh", "-c", own)));
        assertEquals("1\n", output(start("/usr/bin/setsid", "/bin/sh", "-c", own)));
    }

    @Test
    void tellsHowItEnded() throws Exception {
        assertEquals(42, start("/bin/sh", "-c", "exit 42").waitFor());
        assertEquals(128 + 9, start("/bin/sh", "-c", "kill -9 $$").waitFor());

        Process sleeping = start("/bin/sleep", "100");
        assertTrue(sleeping.isAlive());
        sleeping.destroyForcibly();
        assertTrue(sleeping.waitFor(5, TimeUnit.SECONDS));
        assertEquals(128 + 9, sleeping.exitValue());
    }

    @Test
    void saysWhyItCouldNotAndLeavesNothingOpen() throws Exception {
        int before = open("/proc/self/fd").length;
        for (int i = 0; i < 20; i++) {
            IOException failure = assertThrows(IOException.class, () -> start("/no/such/program"));
            assertTrue(failure.getMessage().contains("error=2"), failure::getMessage);
        }

        assertTrue(open("/proc/self/fd").length < before + 20);
    }

    private static String[] open(String place) {
        return new File(place).list();
    }

    @Test
    void isNotUsedWhenATrialFails() {
        int threads = threads("mcp-reaper", "mcp-pipe-watch");

        for (String trial : List.of("/bin/false", "/no/such/program")) {
            assertTrue(NativeSpawn.ofThisJvm(SESSION, List.of(trial)).isEmpty(), trial);
        }

        assertEquals(threads, threads("mcp-reaper", "mcp-pipe-watch"));
    }

    private static int threads(String... names) {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> List.of(names).contains(thread.getName()))
                .count();
    }

    @Test
    void keepsTheLastWordsOfWhatNobodyReadInTime() throws Exception {
        Process process = start("/bin/sh", "-c", "echo last words");
        process.waitFor();

        int before = open("/proc/self/fd").length;
        ((ChildOutput) process.getInputStream()).settle();
        ((ChildOutput) process.getErrorStream()).settle();

        assertEquals(before - 2, open("/proc/self/fd").length);
        assertEquals("last words\n", output(process));
    }

    @Test
    void saysWhenThereIsSomethingToRead() throws Exception {
        Process process = start("/bin/sh", "-c", "read -r line; echo \"$line\" >&2; read -r line; echo \"$line\" >&2");
        ChildOutput errors = (ChildOutput) process.getErrorStream();

        for (String line : List.of("one\n", "two\n", "")) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            assertTrue(errors.onReadable(() -> heard.complete(readOnce(errors)), Runnable::run));
            assertFalse(heard.isDone() && !line.isEmpty());
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();

            assertEquals(line, heard.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void passesOnWhatWasSaidLastBeforeItTellsTheEnd() throws Exception {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 100; i++) {
                Process process = start("/bin/sh", "-c", "read -r line; echo words >&2; exit 3");
                ChildOutput errors = (ChildOutput) process.getErrorStream();
                AtomicReference<String> heard = new AtomicReference<>("");
                errors.onReadable(
                        () -> {
                            heard.set(readOnce(errors));
                            errors.onReadable(() -> {}, reader);
                        },
                        reader);
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();

                assertEquals(3, process.onExit().get(10, TimeUnit.SECONDS).exitValue());
                assertEquals("words\n", heard.get());
            }
        } finally {
            reader.shutdownNow();
        }
    }

    private static String readOnce(ChildOutput output) {
        try {
            byte[] bytes = new byte[100];
            return new String(bytes, 0, Math.max(0, output.read(bytes)), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            return broken.toString();
        }
    }
}
