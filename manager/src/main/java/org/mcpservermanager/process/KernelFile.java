package org.mcpservermanager.process;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Files whose content the kernel makes when they are read. They say no size; to ask for it, as {@code readAllBytes} does, costs as
 * much as the reading.
 */
final class KernelFile {
    private static final int BYTES_USUAL = 4 << 10;
    private static final int BYTES_MAX = 4 << 20;

    private KernelFile() {}

    /** At most 4 MiB of it. */
    static byte[] bytes(String path) throws IOException {
        try (FileInputStream in = new FileInputStream(path)) {
            byte[] content = new byte[BYTES_USUAL];
            int length = 0;
            for (int read = in.read(content); read > 0; read = in.read(content, length, content.length - length)) {
                length += read;
                if (length == content.length) {
                    if (length >= BYTES_MAX) {
                        break;
                    }
                    content = Arrays.copyOf(content, 2 * length);
                }
            }
            return Arrays.copyOf(content, length);
        }
    }

    /** In one write. */
    static void write(String path, String value) throws IOException {
        try (FileOutputStream out = new FileOutputStream(path)) {
            out.write(value.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** One character for each byte. */
    static String text(String path) throws IOException {
        return new String(bytes(path), StandardCharsets.ISO_8859_1);
    }
}
