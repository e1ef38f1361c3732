package org.mcpservermanager.config;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Limits.Action;
import org.mcpservermanager.server.Limits.Limit;

/** Reads what a server may use: keys of the entry, or short ones in its object {@code limits}, which go first. */
final class LimitsReader {
    private static final int CPU_MAX = 1_000_000;
    private static final int COUNT_MAX = 10_000_000;
    private static final Map<String, String> SHORT_NAMES = Map.ofEntries(
            Map.entry("memory_mb", Key.MEMORY_LIMIT.text()),
            Map.entry("memoryMb", Key.MEMORY_LIMIT.text()),
            Map.entry("memory", Key.MEMORY_LIMIT.text()),
            Map.entry("memory_action", Key.MEMORY_LIMIT_ACTION.text()),
            Map.entry("cpu_percent", Key.CPU_LIMIT.text()),
            Map.entry("cpuPercent", Key.CPU_LIMIT.text()),
            Map.entry("cpu", Key.CPU_LIMIT.text()),
            Map.entry("cpu_action", Key.CPU_LIMIT_ACTION.text()),
            Map.entry("processes", Key.PROCESS_LIMIT.text()),
            Map.entry("pids", Key.PROCESS_LIMIT.text()),
            Map.entry("processes_action", Key.PROCESS_LIMIT_ACTION.text()),
            Map.entry("open_files", Key.OPEN_FILES_LIMIT.text()),
            Map.entry("openFiles", Key.OPEN_FILES_LIMIT.text()),
            Map.entry("nofile", Key.OPEN_FILES_LIMIT.text()),
            Map.entry("open_files_action", Key.OPEN_FILES_LIMIT_ACTION.text()),
            Map.entry("action", Key.LIMIT_ACTION.text()),
            Map.entry("hard", Key.LIMIT_HARD.text()));
    private final Fields entry;
    private final Optional<Fields> inner;

    LimitsReader(Fields entry) {
        this.entry = entry;
        this.inner = within(entry, Key.LIMITS, SHORT_NAMES);
    }

    static Optional<Fields> within(Fields entry, Key key, Map<String, String> shortNames) {
        return entry.find(key)
                .flatMap(found -> found.value() instanceof JsonObject
                        ? Optional.of(entry.within(found, shortNames))
                        : entry.wrong(found, "an object"));
    }

    Limits read() {
        Limits standard = Limits.DEFAULT;
        Optional<Action> all = action(Key.LIMIT_ACTION);
        Limits limits = new Limits(
                limit(value(fields -> fields.bytes(Key.MEMORY_LIMIT)), Key.MEMORY_LIMIT_ACTION, all, standard.memory()),
                limit(count(Key.CPU_LIMIT, CPU_MAX), Key.CPU_LIMIT_ACTION, all, standard.cpu()),
                limit(count(Key.PROCESS_LIMIT, COUNT_MAX), Key.PROCESS_LIMIT_ACTION, all, standard.processes()),
                limit(count(Key.OPEN_FILES_LIMIT, COUNT_MAX), Key.OPEN_FILES_LIMIT_ACTION, all, standard.openFiles()),
                value(fields -> fields.truth(Key.LIMIT_HARD)).orElse(standard.hard()));
        inner.ifPresent(Fields::warnOfTheRest);
        return limits;
    }

    /** A limit that somebody wrote is enforced, unless that somebody says otherwise. */
    private Limit limit(Optional<Long> max, Key actionKey, Optional<Action> all, Limit standard) {
        Action otherwise = max.isPresent() ? Action.RESTART : standard.action();
        Action action = action(actionKey).or(() -> all).orElse(otherwise);
        return new Limit(max.orElse(standard.max()), action);
    }

    private Optional<Long> count(Key key, int max) {
        return value(fields -> fields.integer(key, 0, max)).map(Integer::longValue);
    }

    private Optional<Action> action(Key key) {
        return value(fields -> fields.word(key, List.of("alert", "restart")))
                .map(word -> Action.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    private <T> Optional<T> value(Function<Fields, Optional<T>> read) {
        return inner.flatMap(read).or(() -> read.apply(entry));
    }
}
