package org.mcpservermanager.supervision;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The newest lines, so many and so much of them at most; the newest of all stays however long it is. Guarded by its owner. */
final class LastLines<T> {
    private final int linesMax;
    private final int lengthMax;
    private final Function<T, String> text;
    private final ArrayDeque<T> lines = new ArrayDeque<>();
    private long length;

    /** @param lengthMax in characters */
    LastLines(int linesMax, int lengthMax, Function<T, String> text) {
        this.linesMax = linesMax;
        this.lengthMax = lengthMax;
        this.text = text;
    }

    void add(T line) {
        lines.addLast(line);
        length += text.apply(line).length();
        while (lines.size() > linesMax || length > lengthMax && lines.size() > 1) {
            length -= text.apply(lines.removeFirst()).length();
        }
    }

    int size() {
        return lines.size();
    }

    /** Oldest first. */
    Stream<T> stream() {
        return lines.stream();
    }

    List<T> takeAll() {
        List<T> all = List.copyOf(lines);
        lines.clear();
        length = 0;
        return all;
    }
}
