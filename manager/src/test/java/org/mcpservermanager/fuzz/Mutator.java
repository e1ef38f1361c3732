package org.mcpservermanager.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes inputs a little: bytes, pieces that matter to parsers, parts of other inputs. */
final class Mutator {
    private static final int LENGTH_MAX = 16 * 1024;
    private static final int STEPS_MAX = 6;
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "\\u0000",
        "\\ud800",
        "\\\"",
        "0",
        "-0",
        "1e400",
        "9007199254740993",
        "true",
        "null",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\r\n",
        " ",
        "\t",
        "\uFEFF",
        "\u2028",
        "é",
        "\uD83D\uDE00",
        "\0",
        "jsonrpc",
        "\"id\":",
        "\"method\":",
        "\"params\":",
        "\"_meta\":",
        "\"progressToken\":",
        "\"result\":",
        "\"error\":",
        "data:",
        "data: ",
        "event: ",
        "id:",
        "retry:",
        ":",
        "=?base64?",
        "?=",
        "=",
        ";",
        ";q=",
        "*/*",
        "application/json"
    };

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    byte[] mutated(List<byte[]> corpus) {
        byte[] input = pick(corpus);
        for (int steps = 1 + random.nextInt(STEPS_MAX); steps > 0; steps--) {
            input = step(input, corpus);
        }
        return input.length <= LENGTH_MAX ? input : Arrays.copyOf(input, LENGTH_MAX);
    }

    private byte[] step(byte[] input, List<byte[]> corpus) {
        int from = random.nextInt(input.length + 1);
        int to = from + Math.min(input.length - from, length());
        return switch (random.nextInt(7)) {
            case 0 -> spliced(input, from, to, new byte[0]);
            case 1 -> spliced(input, from, from, Arrays.copyOfRange(input, from, to));
            case 2 -> spliced(input, from, from, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            case 3 -> spliced(input, from, to, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            case 4 -> spliced(input, from, to, noise(to - from));
            case 5 -> spliced(input, from, from, repeated());
            default -> spliced(input, from, input.length, tail(pick(corpus)));
        };
    }

    private int length() {
        return random.nextInt(4) == 0 ? random.nextInt(200) : random.nextInt(8);
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] repeated() {
        String piece = PIECES[random.nextInt(PIECES.length)];
        return piece.repeat(random.nextInt(300)).getBytes(UTF_8);
    }

    private byte[] tail(byte[] other) {
        return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    }

    private byte[] pick(List<byte[]> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] by) {
        byte[] out = new byte[input.length - (to - from) + by.length];
        System.arraycopy(input, 0, out, 0, from);
        System.arraycopy(by, 0, out, from, by.length);
        System.arraycopy(input, to, out, from + by.length, input.length - to);
        return out;
    }
}
