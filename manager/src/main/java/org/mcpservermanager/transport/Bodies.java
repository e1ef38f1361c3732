package org.mcpservermanager.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** How the bytes of an HTTP answer are taken, a piece at a time, each in its turn of an {@link Intake}. */
final class Bodies {
    private Bodies() {}

    /** Takes the pieces of a stream as they come. */
    @FunctionalInterface
    interface Pieces {
        void take(byte[] bytes, int size);
    }

    static BodySubscriber<byte[]> streamed(Intake intake, Pieces pieces) {
        return new Streamed(intake, pieces);
    }

    /** All of it, up to so many bytes; of a longer one an IOException is made. */
    static BodySubscriber<byte[]> whole(int bytesMax) {
        return new Whole(bytesMax);
    }

    /** The body is more than was allowed for. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int bytesMax) {
            super("the answer is too long (expected: at most " + bytesMax + " bytes)");
        }
    }

    private static final class Streamed implements BodySubscriber<byte[]> {
        private final Intake intake;
        private final Pieces pieces;
        private final CompletableFuture<byte[]> ended = new CompletableFuture<>();
        private Flow.Subscription subscription;

        private Streamed(Intake intake, Pieces pieces) {
            this.intake = intake;
            this.pieces = pieces;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return ended;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            byte[] bytes = joined(buffers);
            intake.inTurn(() -> {
                try {
                    pieces.take(bytes, bytes.length);
                } finally {
                    subscription.request(1);
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            intake.inTurn(() -> ended.completeExceptionally(failure));
        }

        @Override
        public void onComplete() {
            intake.inTurn(() -> ended.complete(new byte[0]));
        }
    }

    private static final class Whole implements BodySubscriber<byte[]> {
        private final int bytesMax;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> ended = new CompletableFuture<>();
        private Flow.Subscription subscription;

        private Whole(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return ended;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            byte[] more = joined(buffers);
            if (bytes.size() + (long) more.length > bytesMax) {
                subscription.cancel();
                ended.completeExceptionally(new TooLong(bytesMax));
                return;
            }
            bytes.writeBytes(more);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            ended.complete(bytes.toByteArray());
        }
    }

    private static byte[] joined(List<ByteBuffer> buffers) {
        int size = 0;
        for (ByteBuffer each : buffers) {
            size += each.remaining();
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (ByteBuffer each : buffers) {
            int length = each.remaining();
            each.get(bytes, at, length);
            at += length;
        }
        return bytes;
    }
}
