package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NeedsNodeTest {
    @Test
    @NeedsNode
    void runsOnlyWhereNodeAnswers() throws IOException, InterruptedException {
        Process node = new ProcessBuilder(
                        "node", "-e", "process.exit(process.versions.node.split('.')[0] >= 20 ? 0 : 1)")
                .start();

        assertTrue(node.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, node.exitValue());
    }
}
