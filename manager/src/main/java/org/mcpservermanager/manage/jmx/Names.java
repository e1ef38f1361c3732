package org.mcpservermanager.manage.jmx;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.mcpservermanager.server.ServerId;

/** Every name under which the manager is found in JMX. */
public final class Names {
    private Names() {}

    public static ObjectName fleet() {
        return name("type=Fleet");
    }

    public static ObjectName server(ServerId id) {
        return name("type=Server,name=" + id);
    }

    private static ObjectName name(String keys) {
        try {
            return new ObjectName("org.mcpservermanager:" + keys);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException("ids of servers have no character that is special in JMX: " + keys, e);
        }
    }
}
