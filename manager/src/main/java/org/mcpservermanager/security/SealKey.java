package org.mcpservermanager.security;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys that seal what stateless clients carry between their requests: a line each, the first seals, all of them open. They
 * outlive the manager, so that clients can go on after a restart, and several managers may have the same; who deletes the file ends
 * all that is under way and nothing else.
 */
public final class SealKey {
    static final int KEYS_MAX = 4;
    private static final String HEAD = "mcpm_seal_";
    private static final String KEY = HEAD + "[A-Za-z0-9_-]{43}";
    private static final Pattern FORM = Pattern.compile(KEY + "(\\s+" + KEY + "){0," + (KEYS_MAX - 1) + "}");
    private static final int BYTES = 32;

    private SealKey() {}

    /**
     * Reads the file, or makes it with one key; 32 bytes each.
     *
     * @throws org.mcpservermanager.server.ProblemException when others could have read or replaced it
     */
    public static List<byte[]> in(Path file) {
        return keys(new KeyFile(file, FORM).readOrCreate(SealKey::generate));
    }

    /** The same of a file that may have changed; empty when it is not there, which changes nothing. */
    public static Optional<List<byte[]>> again(Path file) {
        return new KeyFile(file, FORM).readIfThere().map(SealKey::keys);
    }

    private static List<byte[]> keys(String lines) {
        return Arrays.stream(lines.split("\\s+"))
                .map(key -> Base64.getUrlDecoder().decode(key.substring(HEAD.length())))
                .toList();
    }

    private static String generate() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HEAD + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
