package org.mcpservermanager.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Usage;

class ResourceJsonTest {
    private static final Instant AT = Instant.EPOCH;

    private static Usage told(Usage.Source source, long memory, int rest) {
        return new Usage(memory, Duration.ofMillis(7), 1, 2, rest, rest, rest, rest, Optional.of(AT), source);
    }

    @Test
    void namesWhoToldAndWhatThatDoesNotTell() {
        JsonObject ps = ResourceJson.usage(told(Usage.Source.PS, 5, -1), AT);

        assertEquals("ps", ps.getString("source"));
        assertEquals(
                List.of("openFiles", "sockets", "threads", "zombies"),
                ps.getJsonArray("unmeasured").getValuesAs(JsonString::getString));
        ps.getJsonArray("unmeasured")
                .getValuesAs(JsonString::getString)
                .forEach(name -> assertFalse(ps.containsKey(name), name));
        assertEquals(5, ps.getInt("memoryBytes"));
    }

    @Test
    void allIsThereWhereTheSystemTellsAll() {
        JsonObject proc = ResourceJson.usage(told(Usage.Source.PROC, 5, 3), AT);

        assertEquals("proc", proc.getString("source"));
        assertEquals(0, proc.getJsonArray("unmeasured").size());
        assertEquals(
                Set.of(
                        "memoryBytes",
                        "cpuPercent",
                        "processes",
                        "openFiles",
                        "sockets",
                        "threads",
                        "zombies",
                        "cpuTimeMs",
                        "at",
                        "source",
                        "unmeasured"),
                proc.keySet());
    }

    @Test
    void ofSeveralCopiesTheOneThatTellsLeastCounts() {
        Usage both = Usage.NONE.plus(told(Usage.Source.PS, 5, -1)).plus(told(Usage.Source.JDK, -1, -1));

        assertEquals("jdk", ResourceJson.usage(both, AT).getString("source"));
        assertEquals("memoryBytes", both.unmeasured().get(0));
    }
}
