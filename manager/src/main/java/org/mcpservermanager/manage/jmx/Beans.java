package org.mcpservermanager.manage.jmx;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.manage.EventJson;
import org.mcpservermanager.manage.EventQueue;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.supervision.Fleet;

/** Keeps an MBean for the fleet and one for each of its servers, and makes events their notifications. */
public final class Beans implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Beans.class.getName());
    private static final int EVENTS_MAX = 1024;
    private final Fleet fleet;
    private final MBeanServer server;
    private final Notifier all = new Notifier(Names.fleet());
    /** Whoever puts a server here registers its bean, whoever takes it away unregisters it. */
    private final Map<ServerId, Notifier> servers = new ConcurrentHashMap<>();
    /** Written by the closer, read after each registration. */
    private volatile boolean closed;

    private final EventQueue queue;
    private final boolean allShown;

    public Beans(Fleet fleet, Configuration configuration, Events events, MBeanServer server, Executor executor) {
        this.fleet = fleet;
        this.server = server;
        this.queue = new EventQueue(events, executor, EVENTS_MAX, new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                Beans.this.accept(event);
            }

            @Override
            public void dropped(long count) {
                synchronize();
            }
        });
        allShown = show(new FleetBean(fleet, configuration), FleetMXBean.class, all);
        synchronize();
    }

    /** Output is left out: a talkative server would bury everything else, and the buffers of JMX clients. */
    private void accept(Event event) {
        if (event instanceof Event.Output) {
            return;
        }
        if (event instanceof Event.FleetChanged change) {
            synchronize(change.server());
        }
        Notifier notifier = servers.get(event.server());
        if (notifier != null) {
            notifier.send(event);
        }
        all.send(event);
    }

    /** By comparison, not by event, so that a lost event cannot leave a wrong bean behind. */
    private void synchronize() {
        Set<ServerId> surplus = new HashSet<>(servers.keySet());
        for (Snapshot each : fleet.servers()) {
            surplus.remove(each.id());
            register(each.id());
        }
        surplus.forEach(this::unregister);
    }

    private void synchronize(ServerId id) {
        if (fleet.server(id).isPresent()) {
            register(id);
        } else {
            unregister(id);
        }
    }

    private void register(ServerId id) {
        if (closed || servers.containsKey(id)) {
            return;
        }
        Notifier notifier = new Notifier(Names.server(id));
        if (servers.putIfAbsent(id, notifier) != null) {
            return;
        }
        if (!show(new ServerBean(fleet, id), ServerMXBean.class, notifier)) {
            servers.remove(id, notifier);
        } else if (closed || servers.get(id) != notifier) {
            servers.remove(id, notifier);
            remove(notifier.source);
        }
    }

    private void unregister(ServerId id) {
        Notifier notifier = servers.remove(id);
        if (notifier != null) {
            remove(notifier.source);
        }
    }

    private <T> boolean show(T bean, Class<T> shape, Notifier notifier) {
        try {
            server.registerMBean(new DescribedBean(bean, shape, notifier.broadcaster), notifier.source);
            return true;
        } catch (InstanceAlreadyExistsException e) {
            LOG.log(
                    Level.WARNING,
                    notifier.source + " is taken by another manager in this JVM; this one is not shown there",
                    e);
        } catch (JMException e) {
            LOG.log(Level.WARNING, notifier.source + " is not shown in JMX", e);
        }
        return false;
    }

    private void remove(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.log(Level.FINE, name + " was already unregistered", e);
        } catch (JMException e) {
            LOG.log(Level.WARNING, name + " stays in JMX", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
        Set.copyOf(servers.keySet()).forEach(this::unregister);
        if (allShown) {
            remove(all.source);
        }
    }

    /** The notifications of one bean; used by one thread at a time. */
    private static final class Notifier {
        final Broadcaster broadcaster = new Broadcaster();
        final ObjectName source;
        private long sequence;

        Notifier(ObjectName source) {
            this.source = source;
        }

        void send(Event event) {
            sequence++;
            if (!broadcaster.listened) {
                return;
            }
            Notification notification = new Notification(
                    event.type(), source, sequence, event.at().toEpochMilli(), EventJson.sentence(event));
            notification.setUserData(EventJson.of(event).toString());
            broadcaster.sendNotification(notification);
        }
    }

    /** Knows whether anybody ever listened: most beans are never listened to, and words cost more than to send them. */
    private static final class Broadcaster extends NotificationBroadcasterSupport {
        volatile boolean listened;

        Broadcaster() {
            super(Notices.INFO);
        }

        @Override
        public void addNotificationListener(NotificationListener listener, NotificationFilter filter, Object handback) {
            super.addNotificationListener(listener, filter, handback);
            listened = true;
        }
    }
}
