package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FollowedTest {
    @TempDir
    Path directory;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.createFile(directory.resolve("a.out"));
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private static String read(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatIsAppendedUntilTheWriterHasEnded() throws Exception {
        InputStream in = Followed.of(file, ended);
        append("one\n");
        assertEquals("one\n", read(in, 4));

        CompletableFuture<String> rest = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        });
        append("two\n");
        Files.delete(file);
        ended.complete(null);

        assertEquals("two\n", rest.get(10, TimeUnit.SECONDS));
    }

    @Test
    void theNextReaderGoesOnWhereTheLastOneWas() throws Exception {
        append("one\ntwo\n");
        assertEquals("one\n", read(Followed.of(file, ended), 4));

        assertEquals("two\n", read(Followed.of(file, ended), 4));
    }

    @Test
    void cutsOffWhatWasRead() throws Exception {
        InputStream in = Followed.of(file, ended);
        String text = "x".repeat((int) Followed.CUT_FROM);
        append(text);

        assertEquals(text, read(in, text.length()));

        assertEquals(0, Files.size(file));
        append("more");
        assertEquals("more", read(in, 4));
        append("again");
        assertEquals("again", read(Followed.of(file, ended), 5), "another reader");
    }

    @Test
    void dropsWhatIsTooMuchAndSaysSo() throws Exception {
        append("12");
        InputStream in = Followed.of(file, ended);
        assertEquals("12", read(in, 2));
        String text = "x".repeat((int) Followed.LENGTH_MAX);
        append(text);

        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        assertEquals("", lines.readLine());
        assertEquals("(" + Followed.LENGTH_MAX + " bytes are missing here)", lines.readLine());
        assertEquals(0, Files.size(file));
        append("on\n");
        assertEquals("on", lines.readLine());
    }

    @Test
    void readsFromTheStartWhenSomebodyElseEmptiedIt() throws Exception {
        InputStream in = Followed.of(file, ended);
        append("one two");
        assertEquals("one two", read(in, 7));
        Files.newByteChannel(file, StandardOpenOption.WRITE).truncate(0).close();
        append("on");

        assertEquals("on", read(in, 2));
    }

    @Test
    void whatIsNotThereIsEmpty() throws Exception {
        assertEquals(-1, Followed.of(directory.resolve("none"), ended).read());
        assertTrue(Files.notExists(directory.resolve("none.read")));
    }
}
