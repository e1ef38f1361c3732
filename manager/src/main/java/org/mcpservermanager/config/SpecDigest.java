package org.mcpservermanager.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mcpservermanager.server.ServerSpec;

/** What an approval is given to: the digest of all that a spec says, besides where it was written. */
public final class SpecDigest {
    private SpecDigest() {}

    /** {@code sha256:} and 64 hexadecimal digits. */
    public static String of(ServerSpec spec) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] canonical = SpecJson.canonical(spec).getBytes(StandardCharsets.UTF_8);
            return "sha256:" + HexFormat.of().formatHex(sha256.digest(canonical));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
