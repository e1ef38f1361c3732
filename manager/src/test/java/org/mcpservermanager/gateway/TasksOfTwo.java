package org.mcpservermanager.gateway;

import org.junit.jupiter.api.BeforeEach;
import org.mcpservermanager.server.Phase;

/** Two running servers whose tasks have equal ids. */
abstract class TasksOfTwo {
    final Bench bench = new Bench();
    FakeRouter.FakeServer git;
    FakeRouter.FakeServer files;

    @BeforeEach
    final void twoServers() {
        git = server("git");
        files = server("files");
        bench.becomes("git", Phase.RUNNING);
        bench.becomes("files", Phase.RUNNING);
    }

    private FakeRouter.FakeServer server(String id) {
        FakeRouter.FakeServer server = bench.router.add(id).answers("tools/list", "{\"tools\":[{\"name\":\"say\"}]}");
        hasTasks(id, server);
        return server;
    }

    /** What it answers to calls and requests about tasks. */
    abstract void hasTasks(String id, FakeRouter.FakeServer server);
}
