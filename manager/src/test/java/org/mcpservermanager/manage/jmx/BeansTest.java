package org.mcpservermanager.manage.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.manage.EventJson;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

class BeansTest {
    private static final ServerId ECHO = new ServerId("echo");
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final Events events = new Events();
    private final FakeFleet fleet = new FakeFleet().with(FakeFleet.running("echo"));
    private Beans beans;

    @BeforeEach
    void register() {
        beans = new Beans(fleet, Configuration.NONE, events, server, Runnable::run);
    }

    @AfterEach
    void unregister() {
        beans.close();
    }

    private Set<ObjectName> names() throws Exception {
        return server.queryNames(new ObjectName("org.mcpservermanager:*"), null);
    }

    private void changed(String id, Event.FleetChanged.Change change) {
        events.publish(new Event.FleetChanged(new ServerId(id), change, FakeFleet.NOW));
    }

    @Test
    void showsTheFleetAndEachServer() throws Exception {
        assertEquals(
                Set.of(
                        new ObjectName("org.mcpservermanager:type=Fleet"),
                        new ObjectName("org.mcpservermanager:type=Server,name=echo")),
                names());
    }

    @Test
    void followsServersThatComeAndGo() throws Exception {
        fleet.with(FakeFleet.stopped("new"));
        changed("new", Event.FleetChanged.Change.ADDED);
        assertTrue(server.isRegistered(Names.server(new ServerId("new"))));
        fleet.without("echo");
        changed("echo", Event.FleetChanged.Change.REMOVED);
        assertFalse(server.isRegistered(Names.server(ECHO)));
        assertTrue(server.isRegistered(Names.server(new ServerId("new"))));
    }

    @Test
    void leavesNothingBehindWhenClosed() throws Exception {
        beans.close();
        fleet.with(FakeFleet.stopped("new"));
        changed("new", Event.FleetChanged.Change.ADDED);
        assertEquals(Set.of(), names());
        beans = new Beans(fleet, Configuration.NONE, events, server, Runnable::run);
        assertEquals(3, names().size());
    }

    @Test
    void doesNotDisturbAnotherManagerInTheSameJvm() throws Exception {
        try (Beans second = new Beans(fleet, Configuration.NONE, events, server, Runnable::run)) {
            assertNotEquals(beans, second);
            assertEquals(2, names().size());
        }
        assertEquals(2, names().size());
    }

    @Test
    void describesEveryMember() throws Exception {
        for (ObjectName name : names()) {
            MBeanInfo info = server.getMBeanInfo(name);
            assertNotEquals("", info.getDescription());
            assertTrue(info.getAttributes().length <= 13, name + " has too many attributes");
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                assertDescribed(name + " " + attribute.getName(), attribute.getDescription(), attribute.getName());
                assertTrue(attribute instanceof OpenMBeanAttributeInfo
                        || attribute.getDescriptor().getFieldValue("openType") != null);
                assertFalse(attribute.isWritable(), attribute.getName() + " can be set");
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertDescribed(name + " " + operation.getName(), operation.getDescription(), operation.getName());
                assertEquals(MBeanOperationInfo.ACTION, operation.getImpact(), operation.getName());
                for (MBeanParameterInfo parameter : operation.getSignature()) {
                    assertDescribed(operation.getName(), parameter.getDescription(), parameter.getName());
                    assertFalse(parameter.getName().matches("p[0-9]+|arg[0-9]+"), parameter.getName());
                }
            }
            assertEquals(1, info.getNotifications().length);
        }
    }

    private static void assertDescribed(String what, String description, String name) {
        assertTrue(
                description != null && description.length() > 10 && !description.equals(name),
                what + " is not described: " + description);
    }

    @Test
    void saysTheSameAsRest() throws Exception {
        Problem problem = new Problem("process_exited", "It crashed", "Read its log");
        for (Snapshot each : List.of(
                FakeFleet.running("echo"),
                FakeFleet.stopped("echo"),
                FakeFleet.failed("echo", Phase.BACKOFF, problem))) {
            fleet.with(each);
            JsonObject rest = ServerJson.of(each, FakeFleet.NOW);
            for (MBeanAttributeInfo attribute :
                    server.getMBeanInfo(Names.server(ECHO)).getAttributes()) {
                String member = attribute.getName().substring(0, 1).toLowerCase(Locale.ROOT)
                        + attribute.getName().substring(1);
                Object value = server.getAttribute(Names.server(ECHO), attribute.getName());
                if (value instanceof CompositeData resources) {
                    assertSame(rest.getJsonObject(member), resources);
                } else if (member.equals("uptimeMs")) {
                    assertEquals(each.running().startedAt().isPresent(), (Long) value > 0);
                } else {
                    assertEquals(text(rest.get(member)), text(value), member);
                }
            }
        }
    }

    private static void assertSame(JsonObject rest, CompositeData jmx) {
        for (String part : jmx.getCompositeType().keySet()) {
            if (jmx.get(part) instanceof String word) {
                assertEquals(rest == null ? "none" : rest.getString(part), word, part);
                continue;
            }
            double value = ((Number) jmx.get(part)).doubleValue();
            double said = rest != null && rest.containsKey(part)
                    ? rest.getJsonNumber(part).doubleValue()
                    : rest == null ? 0 : -1;
            assertEquals(said, value, 0.05, part);
        }
    }

    private static String text(Object value) {
        return value instanceof String[] texts
                ? Json.createArrayBuilder(List.of(texts)).build().toString()
                : String.valueOf(value);
    }

    private static String text(JsonValue value) {
        return value == null ? "" : value instanceof JsonString string ? string.getString() : value.toString();
    }

    @Test
    void postsWishesAndReturnsAtOnce() throws Exception {
        fleet.ends("echo", new CompletableFuture<>());
        assertEquals("running", server.invoke(Names.server(ECHO), "restart", new Object[0], new String[0]));
        assertEquals(
                "running", server.invoke(Names.server(ECHO), "stop", new Object[] {true}, new String[] {"boolean"}));
        server.invoke(Names.fleet(), "stopAll", new Object[] {false}, new String[] {"boolean"});
        server.invoke(Names.fleet(), "startAll", new Object[0], new String[0]);
        assertEquals(List.of("restart echo", "kill echo", "stop echo", "start echo"), fleet.asked);
    }

    @Test
    void countsTheFleet() throws Exception {
        fleet.with(FakeFleet.stopped("b")).with(FakeFleet.failed("c", Phase.PARKED, new Problem("x", "y", "z")));
        assertEquals(3, server.getAttribute(Names.fleet(), "Servers"));
        assertEquals(1, server.getAttribute(Names.fleet(), "Running"));
        assertEquals(1, server.getAttribute(Names.fleet(), "Failed"));
        assertEquals(100L, server.getAttribute(Names.fleet(), "Requests"));
        assertEquals(List.of("b", "c", "echo"), List.of((String[]) server.getAttribute(Names.fleet(), "ServerIds")));
    }

    @Test
    void notifiesEveryEventButOutput() throws Exception {
        List<Notification> ofServer = new ArrayList<>();
        List<Notification> ofFleet = new ArrayList<>();
        server.addNotificationListener(Names.server(ECHO), listener(ofServer), null, null);
        server.addNotificationListener(Names.fleet(), listener(ofFleet), null, null);
        Snapshot failed = FakeFleet.failed("echo", Phase.BACKOFF, new Problem("process_exited", "It crashed", "Look"));
        Event event = new Event.PhaseChanged(
                ECHO,
                3,
                Phase.RUNNING,
                Phase.BACKOFF,
                failed.failure().problem(),
                Optional.empty(),
                failed,
                FakeFleet.NOW);
        events.publish(event);
        events.publish(new Event.Output(ECHO, 3, true, 1, "noise", FakeFleet.NOW));
        assertEquals(1, ofServer.size());
        assertEquals(1, ofFleet.size());
        Notification notification = ofServer.get(0);
        assertEquals("server:error", notification.getType());
        assertEquals("server:error echo: It crashed", notification.getMessage());
        assertEquals(Names.server(ECHO), notification.getSource());
        assertEquals(
                EventJson.of(event),
                Json.createReader(new StringReader((String) notification.getUserData()))
                        .readObject());
        List<String> announced = List.of(
                server.getMBeanInfo(Names.server(ECHO)).getNotifications()[0].getNotifTypes());
        assertTrue(announced.contains(notification.getType()));
        for (Phase phase : Phase.values()) {
            Event other = new Event.PhaseChanged(
                    ECHO, 3, Phase.RUNNING, phase, Optional.empty(), Optional.empty(), failed, FakeFleet.NOW);
            assertTrue(announced.contains(other.type()), other.type() + " is not announced");
        }
    }

    private static NotificationListener listener(List<Notification> received) {
        return (notification, handback) -> received.add(notification);
    }
}
