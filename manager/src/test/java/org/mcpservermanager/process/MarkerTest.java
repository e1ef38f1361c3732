package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
