package org.mcpservermanager.gateway;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.mcpservermanager.server.ServerId;

/**
 * The name of a server's tool or prompt in the aggregate: {@code {server}__{name}}; where that is too long or holds characters
 * that clients refuse, {@code {server}_{hash}_{name}}, both cut. A pure function, so names survive restarts and do not depend on
 * the other servers. The two forms cannot meet: a server id has no underscore, and its first underscore is followed by another
 * one in the first form only.
 */
final class ExposedName {
    static final int LENGTH_MAX = 64;
    private static final int HASH_LENGTH = 13; // 65 bits in base 32
    private static final int SERVER_LENGTH = 24;

    private ExposedName() {}

    static String of(ServerId server, String name) {
        String plain = server.value() + "__" + name;
        return plain.length() <= LENGTH_MAX && isPlain(name) ? plain : shortened(server.value(), name);
    }

    /** The name itself, where clients take it; else the same as in {@link #of}. */
    static String plain(ServerId server, String name) {
        return name.length() <= LENGTH_MAX && isPlain(name) ? name : shortened(server.value(), name);
    }

    private static String shortened(String server, String name) {
        String head = cut(server, SERVER_LENGTH) + "_" + hash(server, name) + "_";
        return head + cut(harmless(name), LENGTH_MAX - head.length());
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.chars().allMatch(ExposedName::isPlain);
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_-./".indexOf(c) >= 0;
    }

    private static String harmless(String name) {
        StringBuilder out = new StringBuilder();
        name.chars().limit(LENGTH_MAX).forEach(c -> out.append(isPlain(c) ? (char) c : '_'));
        return out.toString();
    }

    /** The separator cannot be part of a server id. */
    private static String hash(String server, String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((server + "\0" + name).getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, digest).toString(32);
            return digits.substring(digits.length() - HASH_LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
