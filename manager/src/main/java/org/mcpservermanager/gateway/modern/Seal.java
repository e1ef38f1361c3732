package org.mcpservermanager.gateway.modern;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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

    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<List<Key>> keys; // replaced as a whole; the first closes
    private final String purpose;

    private record Key(SecretKeySpec secret, String head) {
        private static Key of(byte[] key) {
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException("key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
            }
            return new Key(new SecretKeySpec(key, "AES"), VERSION + "." + keyId(key) + ".");
        }

        private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD((head + purpose).getBytes(StandardCharsets.US_ASCII));
            return cipher;
        }

        @Override
        public String toString() {
            return head;
        }
    }

    private Seal(AtomicReference<List<Key>> keys, String purpose) {
        this.keys = keys;
        this.purpose = purpose;
    }

    /** @param keys {@link #KEY_BYTES} bytes each, the first closes, all of them open; who has one can forge */
    public static Seal of(List<byte[]> keys) {
        return new Seal(new AtomicReference<>(made(keys)), "");
    }

    /** Other keys from now on. @return false when they are those that there were */
    public boolean become(List<byte[]> others) {
        List<Key> next = made(others);
        return !keys.getAndSet(next).equals(next);
    }

    private static List<Key> made(List<byte[]> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key (expected: one at least)");
        }
        return keys.stream().map(Key::of).toList();
    }

    /** With a key that nobody keeps: what it seals is worth nothing to the next run. */
    public static Seal untilTheEnd() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return of(List.of(key));
    }

    /** With the same keys for another purpose: what one of them closed the other does not open. */
    Seal forPurpose(String other) {
        return new Seal(keys, other);
    }

    String close(String text) {
        Key key = keys.get().get(0);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    key.cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(text.getBytes(StandardCharsets.UTF_8));
            return key.head() + ENCODER.encodeToString(nonce) + "." + ENCODER.encodeToString(sealed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-256-GCM is part of every Java platform", impossible);
        }
    }

    /** Empty for whatever was not closed by one of the keys exactly so. */
    Optional<String> open(String sealed) {
        return keys.get().stream()
                .filter(key -> sealed.startsWith(key.head()) && sealed.length() <= LENGTH_MAX)
                .findFirst()
                .flatMap(key -> open(key, sealed.substring(key.head().length())));
    }

    private Optional<String> open(Key key, String sealed) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            byte[] nonce = decode(parts[0]);
            byte[] text = key.cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(decode(parts[1]));
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
        return "Seal" + keys.get();
    }
}
