package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class RunningManagerIT {
    @TempDir
    private Path stateDir;

    @Test
    void startsAgainWhereAKilledOneLeftOff() {
        RunningManager first = RunningManager.in(stateDir).start();
        first.kill();

        try (RunningManager second = RunningManager.in(stateDir).start()) {
            assertNotEquals(first.pid(), second.pid());
            assertEquals("200", Ready.probe(second.baseUri()));
        }
        assertFalse(first.process().isAlive());
    }

    @Test
    void listensOnThisMachineAlone() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        Assumptions.assumeFalse(others.isEmpty(), "this machine has no address but loopback");

        try (RunningManager manager = RunningManager.in(stateDir).start()) {
            assertTrue(
                    accepts(InetAddress.getLoopbackAddress(), manager.baseUri().getPort()));
            for (InetAddress other : others) {
                assertFalse(accepts(other, manager.baseUri().getPort()), () -> "it answers on " + other);
            }
        }
    }

    private static boolean accepts(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
            return true;
        } catch (IOException e) {
            return false; // refused is an answer here
        }
    }
}
