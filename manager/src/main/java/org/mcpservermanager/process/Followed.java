package org.mcpservermanager.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a process appends to a file, until it has ended. What was read is cut off from time to time; how far that is stands in
 * another file, from which the next manager reads on. No file descriptor tells that a file grew, so that it is looked at.
 */
final class Followed extends InputStream {
    static final long CUT_FROM = 1 << 20;
    static final long LENGTH_MAX = 16 << 20;
    private static final String PLACE = ".read";
    private static final long LOOK_MILLIS = 200;
    private final RandomAccessFile file;
    private final RandomAccessFile place;
    private final CompletableFuture<?> ended;
    private long at;

    private Followed(RandomAccessFile file, RandomAccessFile place, CompletableFuture<?> ended) throws IOException {
        this.file = file;
        this.place = place;
        this.ended = ended;
        at = place.length() == Long.BYTES ? place.readLong() : 0;
    }

    /** Opened at once, so that it can be read to its end when it is removed. Without such a file there is nothing to read. */
    static InputStream of(Path path, CompletableFuture<?> ended) {
        if (!Files.exists(path)) {
            return InputStream.nullInputStream();
        }
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            return new Followed(file, new RandomAccessFile(path + PLACE, "rw"), ended);
        } catch (IOException failure) {
            return new Unreadable(failure);
        }
    }

    /** Fails as it would have done from the start, in the thread that reads. */
    private static final class Unreadable extends InputStream {
        private final IOException reason;

        Unreadable(IOException reason) {
            this.reason = reason;
        }

        @Override
        public int read() throws IOException {
            throw reason;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        while (length > 0) {
            boolean last = ended.isDone();
            int read = take(bytes, from, length);
            if (read > 0) {
                return read;
            }
            if (last) {
                close();
                return -1;
            }
            await();
        }
        return 0;
    }

    private int take(byte[] bytes, int from, int length) throws IOException {
        long there = file.length();
        if (there > LENGTH_MAX) {
            return cut(bytes, from, length, there - at);
        }
        at = at > there ? 0 : at;
        file.seek(at);
        int read = file.read(bytes, from, length);
        if (read > 0) {
            at += read;
            if (at >= CUT_FROM && at == file.length()) {
                file.setLength(0);
                at = 0;
            }
            remember();
        }
        return read;
    }

    /** It writes faster than anybody reads, or wrote for long while there was no manager. */
    private int cut(byte[] bytes, int from, int length, long unread) throws IOException {
        file.setLength(0);
        at = 0;
        remember();
        byte[] note = ("\n(" + unread + " bytes are missing here)\n").getBytes(StandardCharsets.US_ASCII);
        int told = Math.min(note.length, length);
        System.arraycopy(note, 0, bytes, from, told);
        return told;
    }

    private void remember() throws IOException {
        place.seek(0);
        place.writeLong(at);
    }

    private void await() throws InterruptedIOException {
        try {
            ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException nothing) {
            // The next look tells.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        place.close();
    }
}
