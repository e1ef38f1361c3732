package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.manage.jmx.FleetMXBean;
import org.mcpservermanager.manage.jmx.Names;
import org.mcpservermanager.manage.jmx.ServerMXBean;
import org.mcpservermanager.server.ServerId;

/** The beans as a remote JMX client sees them. */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JmxIT {
    private static final ObjectName DEMO = Names.server(new ServerId("demo"));
    private RunningManager manager;
    private JMXConnector connector;
    private MBeanServerConnection beans;
    private Api api;

    @BeforeAll
    @SuppressWarnings("BanJNDI") // to a JVM that this test has started
    void start(@TempDir Path stateDir) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        manager = RunningManager.in(stateDir)
                .jvmArg("-Dcom.sun.management.jmxremote.port=" + port)
                .jvmArg("-Dcom.sun.management.jmxremote.rmi.port=" + port)
                .jvmArg("-Dcom.sun.management.jmxremote.host=127.0.0.1")
                .jvmArg("-Djava.rmi.server.hostname=127.0.0.1")
                .jvmArg("-Dcom.sun.management.jmxremote.authenticate=false")
                .jvmArg("-Dcom.sun.management.jmxremote.ssl=false")
                .start();
        api = Api.of(manager);
        api.awaitPhase("demo", "running");
        connector = JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi"));
        beans = connector.getMBeanServerConnection();
    }

    @AfterAll
    void stop() throws IOException {
        if (connector != null) {
            connector.close();
        }
        if (manager != null) {
            manager.close();
        }
    }

    private ServerMXBean demo() {
        return JMX.newMXBeanProxy(beans, DEMO, ServerMXBean.class, true);
    }

    @Test
    void showsTheFleetAndEachServerAsRestDoes() throws IOException {
        FleetMXBean fleet = JMX.newMXBeanProxy(beans, Names.fleet(), FleetMXBean.class);

        assertEquals(List.of("demo"), fleet.getServerIds());
        assertEquals(1, fleet.getRunning());
        assertTrue(beans.isRegistered(DEMO));
        assertEquals("running", demo().getPhase());
        assertEquals(api.pid("demo"), demo().getPid());
        assertEquals(api.server("demo").getInt("generation"), demo().getGeneration());
        assertTrue(demo().getResources().getProcesses() >= 0);
    }

    @Test
    void restartsAServerAndTellsOfIt() throws Exception {
        BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
        beans.addNotificationListener(DEMO, (notification, handback) -> told.add(notification), null, null);
        long generation = demo().getGeneration();

        demo().restart();

        List<String> types = new ArrayList<>();
        while (!types.containsAll(List.of("server:started", "server:exited"))) {
            Notification next = told.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, () -> "started and exited within 30 s; heard " + types);
            types.add(next.getType());
            assertTrue(next.getUserData().toString().contains("\"serverId\":\"demo\""), next.getUserData()::toString);
        }
        // the news of the exit may come after the tree was seen empty
        List<String> expected = List.of("server:stopping", "server:starting", "server:started");
        assertEquals(expected, types.stream().filter(expected::contains).toList());
        assertEquals(generation + 1, demo().getGeneration());
    }

    @Test
    void aServerThatComesAndGoesHasABeanMeanwhile() throws IOException {
        ObjectName name = Names.server(new ServerId("guest"));
        api.define("guest", List.of("sleep", "1000"), ",\"autoStart\":false");
        Api.until(() -> isRegistered(name), () -> name + " to come");

        api.remove("guest");

        Api.until(() -> !isRegistered(name), () -> name + " to go");
        assertFalse(beans.isRegistered(name));
    }

    private boolean isRegistered(ObjectName name) {
        try {
            return beans.isRegistered(name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
