package org.mcpservermanager.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.it.RunningManager;

/** A manager for all tests of a class, and the scripts that use it. */
@Tag("process")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithManager {
    Scripts scripts;
    RunningManager manager;

    /** The configuration file, in that folder. */
    abstract Path servers(Path folder);

    @BeforeAll
    final void start(@TempDir Path folder) {
        scripts = Scripts.ready();
        manager = RunningManager.in(folder.resolve("state"))
                .config(servers(folder))
                .start();
    }

    @AfterAll
    final void stop() {
        if (manager != null) {
            manager.close();
        }
    }
}
