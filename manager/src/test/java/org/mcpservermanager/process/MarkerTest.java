package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkerTest {
    @Test
    void isReadAsItWasWritten() {
        Marker marker = new Marker("0f-1", "my-server", 12, "abc1", 3);

        assertEquals("0f-1:my-server:12:abc1.3", marker.value());
        assertEquals(Optional.of(marker), Marker.parse(marker.value()));
    }

    @Test
    void isOfTheLifeThatItWasMadeInWhetherItOutlivesThatOrNot() {
        Marker kept = new Marker("0f-1", "my-server", 12, Marker.outliving("abc1"), 3);
        assertTrue(kept.isOfRun("abc1"));
        assertTrue(new Marker("0f-1", "my-server", 12, "abc1", 3).isOfRun("abc1"));
        assertFalse(kept.isOfRun("abc"));
        assertTrue(ContainerRun.isOfRun(ContainerRun.name(kept), "abc1"));
        assertFalse(ContainerRun.isOfRun(ContainerRun.name(kept), "abc"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0f-1:my-server:12",
                "0f-1:my-server:12:abc1",
                "0f-1:my-server:x:abc1.3",
                "0f-1:my-server:12:abc1.3:more"
            })
    void isNotFoundInOtherText(String text) {
        assertEquals(Optional.empty(), Marker.parse(text));
    }
}
