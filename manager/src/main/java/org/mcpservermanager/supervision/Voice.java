package org.mcpservermanager.supervision;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.mcpservermanager.transport.LineFlow;

/** What a custom server says for its output, passed on by the manager's threads. */
final class Voice {
    private final LineFlow lines;
    private volatile Consumer<String> hears = line -> {};

    Voice(Executor executor) {
        Gaps gaps = new Gaps(line -> hears.accept(line));
        this.lines = new LineFlow(executor, gaps);
    }

    void heardBy(Consumer<String> listener) {
        hears = listener;
    }

    void say(String text) {
        text.lines().forEach(lines::add);
    }

    /** As a process that ends by it prints it. */
    void say(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        say(trace.toString());
    }
}
