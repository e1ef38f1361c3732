package org.mcpservermanager.gateway.modern;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes text that clients carry unreadable and unchangeable for them: {@code v1.kid.nonce.ciphertext}, AES-256-GCM. */
public final class Seal {
    public static final int KEY_BYTES = 32;
    static final int LENGTH_MAX = 96 << 10;
    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final String head;
    private final SecureRandom random = new SecureRandom();

    private Seal(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        this.head = VERSION + "." + keyId(key) + ".";
    }

    /** @param key {@link #KEY_BYTES} bytes; who has them can forge */
    public static Seal of(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        return new Seal(key.clone());
    }

    /** With a key that nobody keeps: what it seals is worth nothing to the next run. */
    public static Seal untilTheEnd() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Seal(key);
    }

    /** For another purpose: what one of them closed the other does not open. */
    Seal forPurpose(String purpose) {
        return new Seal(Sha256.of(purpose, key.getEncoded()));
    }

    String close(String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(text.getBytes(StandardCharsets.UTF_8));
            return head + ENCODER.encodeToString(nonce) + "." + ENCODER.encodeToString(sealed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-256-GCM is part of every Java platform", impossible);
        }
    }

    /** Empty for whatever was not closed by this key exactly so. */
    Optional<String> open(String sealed) {
        if (!sealed.startsWith(head) || sealed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String[] parts = sealed.substring(head.length()).split("\\.", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            byte[] nonce = decode(parts[0]);
            byte[] text = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(decode(parts[1]));
            return Optional.of(new String(text, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException forged) {
            return Optional.empty();
        }
    }

    /** Only the one spelling: loose last bits would make a changed text pass. */
    private static byte[] decode(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (!ENCODER.encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not canonical");
        }
        return bytes;
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    /** Tells keys apart after a change of keys; says nothing of the key. */
    private static String keyId(byte[] key) {
        byte[] digest = Sha256.of("kid", key);
        return HexFormat.of().formatHex(Arrays.copyOf(digest, 4));
    }

    /** Digests with the platform's SHA-256. */
    static final class Sha256 {
        private Sha256() {}

        static byte[] of(String purpose, byte[] content) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(purpose.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                return digest.digest(content);
            } catch (java.security.NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("SHA-256 is part of every Java platform", impossible);
            }
        }

        static String text(String purpose, String content) {
            byte[] digest = of(purpose, content.getBytes(StandardCharsets.UTF_8));
            return ENCODER.encodeToString(Arrays.copyOf(digest, 16));
        }
    }

    @Override
    public String toString() {
        return "Seal[" + head + "]";
    }
}
