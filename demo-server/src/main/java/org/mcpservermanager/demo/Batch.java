package org.mcpservermanager.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Collects the answers to a batch (revision 2025-03-26) and sends them together. */
final class Batch implements Consumer<Optional<Json.Obj>> {
    private final Consumer<Json> send;
    private final List<Json> answers = new ArrayList<>(); // guarded by this
    private int missing; // guarded by this

    Batch(int size, Consumer<Json> send) {
        this.missing = size;
        this.send = send;
    }

    @Override
    public void accept(Optional<Json.Obj> answer) {
        List<Json> complete = add(answer);
        if (!complete.isEmpty()) {
            send.accept(new Json.Arr(complete));
        }
    }

    private synchronized List<Json> add(Optional<Json.Obj> answer) {
        answer.ifPresent(answers::add);
        missing--;
        return missing == 0 ? List.copyOf(answers) : List.of();
    }
}
