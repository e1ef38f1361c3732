package org.mcpservermanager.manage.jmx;

import javax.management.MBeanNotificationInfo;
import javax.management.Notification;

/** The notifications of every bean of ours. */
final class Notices {
    static final MBeanNotificationInfo INFO = new MBeanNotificationInfo(
            new String[] {
                "server:starting",
                "server:started",
                "server:replaced",
                "server:replacement-failed",
                "server:stopping",
                "server:stopped",
                "server:error",
                "server:restart-failed",
                "server:recovering",
                "server:exited",
                "server:health",
                "server:list-changed",
                "alert:raised",
                "alert:over",
                "fleet:added",
                "fleet:changed",
                "fleet:removed"
            },
            Notification.class.getName(),
            "What happened to a server; the user data is the event as JSON, as in GET /api/mcp/events");

    private Notices() {}
}
