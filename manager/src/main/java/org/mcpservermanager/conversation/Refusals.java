package org.mcpservermanager.conversation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.Message;

/**
 * Questions that were refused while nobody could say within which call they were asked. Most servers end that call with the words
 * they were refused with, so those have a mark.
 */
final class Refusals {
    private static final int MARKS_MAX = 64;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private record Refused(Message question, long at) {}

    private final Map<String, Refused> marks = new LinkedHashMap<>(); // guarded by this, the eldest first

    /** @return what is to be said with the refusal */
    synchronized String marked(Message question) {
        if (marks.size() >= MARKS_MAX) {
            marks.remove(marks.keySet().iterator().next());
        }
        String mark = "(refusal "
                + Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX) + ")";
        marks.put(mark, new Refused(question, System.nanoTime()));
        return " " + mark;
    }

    /** The question that the answer says was refused; each once. */
    synchronized Optional<Message> quotedBy(Message answer) {
        if (marks.isEmpty() || answer.length() > ANSWER_BYTES_MAX) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        marks.values().removeIf(refused -> now - refused.at() > KEPT_NANOS);
        String text = new String(answer.bytes(), StandardCharsets.UTF_8);
        return marks.keySet().stream()
                .filter(text::contains)
                .findFirst()
                .map(marks::remove)
                .map(Refused::question);
    }
}
