package org.mcpservermanager.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Cuts a stream into lines of valid UTF-8; a line that is longer than the bound is skipped, not collected. */
final class Lines {
    private final InputStream in;
    private final int lengthMax;

    Lines(InputStream in, int lengthMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.lengthMax = lengthMax;
    }

    /** Empty at the end of input. What follows the last line end is a line too. */
    Optional<String> next() throws IOException, RpcError {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long length = 0;
        int c;
        while ((c = in.read()) >= 0 && c != '\n') {
            if (++length <= lengthMax) {
                line.write(c);
            }
        }
        if (c < 0 && length == 0) {
            return Optional.empty();
        }
        if (length > lengthMax) {
            throw new RpcError(
                    RpcError.PARSE_ERROR, "message: " + length + " bytes (expected: at most " + lengthMax + ")");
        }
        return Optional.of(decode(line.toByteArray()));
    }

    private static String decode(byte[] bytes) throws RpcError {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RpcError(RpcError.PARSE_ERROR, "message: not valid UTF-8");
        }
    }
}
