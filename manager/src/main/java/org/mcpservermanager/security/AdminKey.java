package org.mcpservermanager.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one credential that exists from the first boot. The key itself lives only in its file; here is its SHA-256, which needs
 * no salt and no stretching because the key is 256 random bits.
 */
public final class AdminKey implements Keys {
    static final Pattern FORM = Pattern.compile("mcpm_admin_[A-Za-z0-9_-]{43}");
    private static final Caller.Known ADMIN = new Caller.Known("admin", Role.ADMIN);
    private final Path file;
    private final byte[] digest;

    private AdminKey(Path file, String key) {
        this.file = file;
        this.digest = sha256(key);
    }

    /**
     * Reads {@code admin.key} of the directory, or makes it.
     *
     * @throws org.mcpservermanager.server.ProblemException when others could have read or replaced the key: it must then be taken as
     *     known to them, so it is refused and never repaired silently
     */
    public static AdminKey in(Path stateDirectory) {
        KeyFile keyFile = new KeyFile(stateDirectory.resolve("admin.key"), FORM);
        return new AdminKey(keyFile.path(), keyFile.readOrCreate(AdminKey::generate));
    }

    /** Where the operator finds the key. */
    public Path file() {
        return file;
    }

    @Override
    public Optional<Caller.Known> callerOf(String token) {
        return MessageDigest.isEqual(digest, sha256(token)) ? Optional.of(ADMIN) : Optional.empty();
    }

    @Override
    public String toString() {
        return "AdminKey[" + file + "]";
    }

    private static String generate() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return "mcpm_admin_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
