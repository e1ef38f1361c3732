package org.mcpservermanager.supervision;

import java.util.concurrent.Executor;
import org.mcpservermanager.process.Launcher;

/** What a copy is started with: how its process comes to be, and who opens the conversation. */
record Means(Launches launches, Launcher launcher, Dialer dialer, Executor executor, Ports ports) {
    static Means of(Surroundings around) {
        return new Means(around.launches(), around.launcher(), around.dialer(), around.executor(), around.ports());
    }

    Means dialedBy(Dialer other) {
        return new Means(launches, launcher, other, executor, ports);
    }
}
