package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;

class ErasTest {
    @TempDir
    Path state;

    private static ServerSpec spec(String id, String secret) {
        Wire wire = new Wire.Stdio("cmd", List.of("a"), Map.of("TOKEN", secret), "");
        return ServerSpec.of(new ServerId(id), wire, "test");
    }

    @Test
    void remembersByWhatIsLaunchedAcrossRestartsAndWithoutSecrets() throws Exception {
        Path file = state.resolve("eras");
        Eras eras = Eras.in(file);
        eras.learned(spec("one", "s3cret"), Era.MODERN);
        eras.learned(spec("one", "other"), Era.LEGACY);
        Eras again = Eras.in(file);
        assertEquals(Optional.of(Era.MODERN), again.of(spec("renamed", "s3cret")));
        assertEquals(Optional.of(Era.LEGACY), again.of(spec("one", "other")));
        assertEquals(Optional.empty(), again.of(spec("one", "third")));
        assertFalse(Files.readString(file).contains("s3cret"));
        assertEquals(1, state.toFile().list().length);
    }

    @Test
    void asksAgainWhatIsDoubted() {
        Eras eras = Eras.in(state.resolve("eras"));
        eras.doubt(spec("one", ""));
        assertFalse(eras.isDoubted(spec("one", "")));
        eras.learned(spec("one", ""), Era.LEGACY);
        eras.doubt(spec("one", ""));
        assertTrue(eras.isDoubted(spec("one", "")));
        assertEquals(Optional.empty(), eras.of(spec("one", "")));
        assertEquals(Optional.empty(), Eras.in(state.resolve("eras")).of(spec("one", "")));
    }

    @Test
    void believesTheOperator() {
        Eras eras = Eras.inMemory();
        ServerSpec said = spec("one", "").with(new Spoken(Spoken.Choice.AUTO, "2026-07-28"));
        eras.learned(said, Era.LEGACY);
        assertEquals(Optional.of(Era.MODERN), eras.of(said));
        assertEquals(Optional.empty(), eras.of(spec("one", "")));
    }

    @Test
    void forgetsTheOldestAboveItsBound() {
        Eras eras = Eras.inMemory();
        for (int i = 0; i <= Eras.KNOWN_MAX; i++) {
            eras.learned(spec("one", "" + i), Era.LEGACY);
        }
        assertEquals(Optional.empty(), eras.of(spec("one", "0")));
        assertEquals(Optional.of(Era.LEGACY), eras.of(spec("one", "1")));
    }

    @Test
    void readsOnWhereAFileIsDamaged() throws Exception {
        Path file = state.resolve("eras");
        Eras.in(file).learned(spec("one", ""), Era.MODERN);
        Files.writeString(file, "junk\nx PLASTIC\n" + Files.readString(file));
        assertEquals(Optional.of(Era.MODERN), Eras.in(file).of(spec("one", "")));
    }
}
