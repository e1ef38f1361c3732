package org.mcpservermanager.supervision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.mcpservermanager.process.Rlimits;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

/** Everything in a spec by which a process is launched, as a digest: a process that was launched by another one is none of its. */
final class LaunchDigest {
    private LaunchDigest() {}

    static String of(ServerSpec spec) {
        Wire.Served served = (Wire.Served) spec.wire();
        Wire.Stdio process = served.process();
        StringBuilder text = new StringBuilder();
        quoted(text, served.speech().name(), Integer.toString(served.port()), served.path());
        quoted(text, process.command(), Integer.toString(process.args().size()));
        process.args().forEach(arg -> quoted(text, arg));
        quoted(text, process.directory());
        if (!process.user().isEmpty()) {
            quoted(text, "user", process.user());
        }
        new TreeMap<>(process.environment()).forEach((name, value) -> quoted(text, name, value));
        quoted(
                text,
                spec.isolation().name(),
                spec.containment().toString(),
                spec.spoken().toString());
        quoted(text, Rlimits.of(spec.limits()).toString());
        return digest(text.toString());
    }

    private static void quoted(StringBuilder text, String... parts) {
        for (String part : parts) {
            text.append(part.length()).append(':').append(part);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
