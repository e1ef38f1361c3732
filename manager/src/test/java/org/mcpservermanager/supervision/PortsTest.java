package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

class PortsTest {
    private static final ServerId SERVER = new ServerId("a");

    /** A port that somebody listens on, and nobody will be given meanwhile. */
    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Problem refusal(Ports ports, int wanted) {
        return assertThrows(ProblemException.class, () -> ports.take(SERVER, wanted))
                .problem();
    }

    @Test
    void givesNoPortTwiceUntilItIsReturned() throws IOException {
        int free;
        try (ServerSocket socket = taken()) {
            free = socket.getLocalPort();
        }
        Ports ports = new Ports(free, free);
        assertEquals(free, ports.take(SERVER, 0));
        assertEquals(Problem.PORTS_EXHAUSTED, refusal(ports, 0).code());
        assertEquals(Problem.PORT_TAKEN, refusal(ports, free).code());
        ports.give(free);
        assertEquals(free, ports.take(SERVER, free));
    }

    @Test
    void givesNoPortThatAStrangerListensOn() throws IOException {
        try (ServerSocket stranger = taken()) {
            int port = stranger.getLocalPort();
            Ports ports = new Ports(port, port);
            assertEquals(Problem.PORT_TAKEN, refusal(ports, port).code());
            assertEquals(Problem.PORTS_EXHAUSTED, refusal(ports, 0).code());
            assertTrue(refusal(ports, 0).message().contains("\"a\""));
        }
    }

    @Test
    void aPortThatWasReturnedRests() {
        Ports ports = new Ports(20_000, 20_050);
        int first = ports.take(SERVER, 0);
        ports.give(first);
        assertNotEquals(first, ports.take(SERVER, 0));
    }

    @Test
    void leavesOutPortsThatWebClientsRefuse() {
        Ports ports = new Ports(6665, 6669);
        assertEquals(Problem.PORTS_EXHAUSTED, refusal(ports, 0).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8100", "8100-", "8200-8100", "0-10", "1-70000", "a-b", "1-2-3"})
    void refusesWhatIsNoRange(String range) {
        assertThrows(IllegalArgumentException.class, () -> Ports.parse(range));
    }

    @Test
    void readsARange() {
        assertEquals(
                Problem.PORTS_EXHAUSTED,
                refusal(Ports.parse(" 6665 - 6669 "), 0).code());
    }
}
