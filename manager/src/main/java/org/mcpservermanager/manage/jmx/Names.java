package org.mcpservermanager.manage.jmx;

import java.util.Hashtable;
import java.util.Map;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.mcpservermanager.server.ServerId;

/** Every name under which the manager is found in JMX. */
public final class Names {
    private static final String DOMAIN = "org.mcpservermanager";

    private Names() {}

    public static ObjectName fleet() {
        return name(Map.of("type", "Fleet"));
    }

    public static ObjectName server(ServerId id) {
        return name(Map.of("type", "Server", "name", id.value()));
    }

    @SuppressWarnings("JdkObsolete") // the constructor of ObjectName takes a Hashtable
    private static ObjectName name(Map<String, String> keys) {
        try {
            return new ObjectName(DOMAIN, new Hashtable<>(keys));
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException("ids of servers have no character that is special in JMX: " + keys, e);
        }
    }
}
