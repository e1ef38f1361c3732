package org.example.greeter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.File;
import java.util.Optional;
import org.mcpservermanager.custom.CustomCheck;

/** A health check for servers that write temporary files. */
@ApplicationScoped
@Named("free-space")
public class FreeSpace implements CustomCheck {
    private static final long NEEDED = 1 << 20;

    @Override
    public Optional<String> check(String server) {
        long free = new File(System.getProperty("java.io.tmpdir")).getUsableSpace();
        return free < NEEDED
                ? Optional.of(free + " bytes are free for temporary files (expected: at least " + NEEDED + ")")
                : Optional.empty();
    }
}
