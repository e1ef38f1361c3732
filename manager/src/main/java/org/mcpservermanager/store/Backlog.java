package org.mcpservermanager.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What waits to be written, of each key only the newest; the one that was changed longest ago goes first. Guarded by this. */
public final class Backlog<K, V> {
    private static final int BATCH_MAX = 200;
    private final Map<K, V> waiting = new LinkedHashMap<>();

    /** @return how many wait now */
    public synchronized int put(K key, V value) {
        waiting.remove(key); // to the end of the line
        waiting.put(key, value);
        return waiting.size();
    }

    public synchronized void dropEldest() {
        waiting.remove(waiting.keySet().iterator().next());
    }

    /** In batches of a bounded size, until nothing waits. What a write that failed did not take stays, and what changed meanwhile. */
    public void write(Consumer<Map<K, V>> database) {
        for (Map<K, V> batch = first(); !batch.isEmpty(); batch = first()) {
            database.accept(batch);
            written(batch);
        }
    }

    private synchronized Map<K, V> first() {
        Map<K, V> batch = new LinkedHashMap<>();
        waiting.entrySet().stream().limit(BATCH_MAX).forEach(each -> batch.put(each.getKey(), each.getValue()));
        return batch;
    }

    private synchronized void written(Map<K, V> batch) {
        batch.forEach(waiting::remove);
    }
}
