package org.mcpservermanager.security;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The key that seals what stateless clients carry between their requests. It outlives the manager, so that they can go on after a
 * restart; who deletes its file ends all that is under way and nothing else.
 */
public final class SealKey {
    private static final String HEAD = "mcpm_seal_";
    private static final Pattern FORM = Pattern.compile(HEAD + "[A-Za-z0-9_-]{43}");
    private static final int BYTES = 32;

    private SealKey() {}

    /**
     * Reads {@code seal.key} of the directory, or makes it; 32 bytes.
     *
     * @throws org.mcpservermanager.server.ProblemException when others could have read or replaced it
     */
    public static byte[] in(Path stateDirectory) {
        String key = new KeyFile(stateDirectory.resolve("seal.key"), FORM).readOrCreate(SealKey::generate);
        return Base64.getUrlDecoder().decode(key.substring(HEAD.length()));
    }

    private static String generate() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HEAD + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
