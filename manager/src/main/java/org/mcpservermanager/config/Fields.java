package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.server.Json;

/** Reads the members of one entry by key, whatever name they come under. What does not fit is reported, and left out. */
final class Fields {
    private static final int UNKNOWN_MAX = 20;
    private final String path;
    private final JsonObject object;
    private final Report report;
    /** What is written where a key's own name would be too long. */
    private final Map<String, String> written;

    Fields(String path, JsonObject object, Report report) {
        this(path, object, report, Map.of());
    }

    private Fields(String path, JsonObject object, Report report, Map<String, String> written) {
        this.path = path;
        this.object = object;
        this.report = report;
        this.written = written;
    }

    /** The members of an object that is a member of this one, where {@code shortNames} stand for names of keys. */
    Fields within(Found member, Map<String, String> shortNames) {
        JsonObjectBuilder inner = Json.createObjectBuilder();
        Map<String, String> names = new HashMap<>();
        member.value().asJsonObject().forEach((name, value) -> {
            String full = shortNames.getOrDefault(name, name);
            names.put(full, name);
            inner.add(full, value);
        });
        return new Fields(path(member.name()), inner.build(), report, names);
    }

    record Found(String name, JsonValue value) {}

    Report report() {
        return report;
    }

    String path(String name) {
        String last = written.getOrDefault(name, name);
        return path.isEmpty() || last.isEmpty() ? path + last : path + "." + last;
    }

    boolean has(Key key) {
        return find(key).isPresent();
    }

    /** Null counts as absent. */
    Optional<Found> find(Key key) {
        return key.names().stream()
                .filter(name -> object.getOrDefault(name, JsonValue.NULL) != JsonValue.NULL)
                .map(name -> new Found(name, object.get(name)))
                .findFirst();
    }

    /** Of keys that nobody read, and of those that were said twice. */
    void warnOfTheRest() {
        List<String> unknown = new ArrayList<>();
        for (String name : object.keySet()) {
            if (Key.isKnown(name)) {
                warnOfSecondName(name);
            } else if (Key.isKnownElsewhere(name)) {
                report.warning(ConfigProblem.NO_EFFECT, path(name), "has no effect here", "Remove it, or ignore this.");
            } else {
                unknown.add(name);
            }
        }
        for (String name : unknown.subList(0, Math.min(UNKNOWN_MAX, unknown.size()))) {
            String meant = Key.nearest(name)
                    .map(near -> "Did you mean \"" + near + "\"?")
                    .orElse("Remove it.");
            report.warning(ConfigProblem.UNKNOWN_KEY, path(name), "unknown key, ignored", meant);
        }
        if (unknown.size() > UNKNOWN_MAX) {
            String more = unknown.size() - UNKNOWN_MAX + " more unknown keys, ignored";
            report.warning(ConfigProblem.UNKNOWN_KEY, path, more, "Remove them.");
        }
    }

    /** As {@link #warnOfTheRest()} where only some keys mean something. */
    void warnOfTheRest(Set<Key> keys) {
        Set<String> known = keys.stream().flatMap(key -> key.names().stream()).collect(Collectors.toSet());
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                String meant = Key.nearest(name, known)
                        .map(near -> "Did you mean \"" + near + "\"?")
                        .orElse("Remove it.");
                report.warning(ConfigProblem.UNKNOWN_KEY, path(name), "unknown key, ignored", meant);
            }
        }
    }

    private void warnOfSecondName(String name) {
        for (Key key : Key.values()) {
            Optional<Found> taken = find(key);
            if (key.names().contains(name)
                    && taken.isPresent()
                    && !taken.get().name().equals(name)) {
                report.warning(
                        ConfigProblem.NO_EFFECT,
                        path(name),
                        "ignored, because \"" + taken.get().name() + "\" says the same",
                        "Keep one of the two.");
            }
        }
    }

    Optional<String> text(Key key) {
        return find(key).flatMap(found -> {
            if (found.value() instanceof JsonString text) {
                return Optional.of(text.getString());
            }
            return wrong(found, "a string");
        });
    }

    /** One of several words, as it is written or in another case. */
    Optional<String> word(Key key, List<String> words) {
        return text(key).flatMap(text -> {
            Optional<String> word =
                    words.stream().filter(text::equalsIgnoreCase).findFirst();
            if (word.isEmpty()) {
                String name = find(key).map(Found::name).orElseThrow();
                report.error(
                        path(name),
                        "\"" + Report.shown(text) + "\" (expected: one of " + String.join(", ", words) + ")",
                        Key.nearest(text, words)
                                .map(near -> "Did you mean \"" + near + "\"?")
                                .orElse("Use one of these words."));
            }
            return word;
        });
    }

    Optional<Boolean> truth(Key key) {
        return find(key).flatMap(found -> switch (found.value().getValueType()) {
            case TRUE -> Optional.of(true);
            case FALSE -> Optional.of(false);
            default -> wrong(found, "true or false");
        });
    }

    Optional<Integer> integer(Key key, int min, int max) {
        return find(key).flatMap(found -> integer(found, min, max));
    }

    private Optional<Integer> integer(Found found, int min, int max) {
        if (found.value() instanceof JsonNumber number) {
            BigDecimal value = number.bigDecimalValue();
            boolean inRange =
                    value.compareTo(BigDecimal.valueOf(min)) >= 0 && value.compareTo(BigDecimal.valueOf(max)) <= 0;
            if (inRange && value.stripTrailingZeros().scale() <= 0) {
                return Optional.of(value.intValue());
            }
        }
        return wrongValue(found, "an integer from " + min + " to " + max);
    }

    List<Integer> integers(Key key, int min, int max) {
        List<Integer> values = new ArrayList<>();
        for (Found item : items(key, "an array of integers")) {
            integer(item, min, max).ifPresent(values::add);
        }
        return values;
    }

    /** @param numberMillisMin a bare number of milliseconds below this is taken for a slip (seconds were meant) */
    Optional<Duration> duration(Key key, Duration max, long numberMillisMin) {
        return duration(key, max, numberMillisMin, false);
    }

    /** As {@link #duration}, but 0 is one. */
    Optional<Duration> durationOrNone(Key key, Duration max) {
        return duration(key, max, 0, true);
    }

    private Optional<Duration> duration(Key key, Duration max, long numberMillisMin, boolean orNone) {
        return find(key).flatMap(found -> {
            boolean millis = Durations.countsMillis(found.name());
            long min = millis ? numberMillisMin : 0;
            Optional<Duration> duration = Optional.empty();
            if (found.value() instanceof JsonNumber number
                    && number.bigDecimalValue().compareTo(BigDecimal.valueOf(min)) >= 0) {
                duration = Durations.of(number.bigDecimalValue(), millis);
            } else if (found.value() instanceof JsonString text) {
                duration = Durations.parse(text.getString());
            }
            if (duration.isPresent()
                    && (orNone || !duration.get().isZero())
                    && duration.get().compareTo(max) <= 0) {
                return duration;
            }
            String unit = millis
                    ? "milliseconds, " + Math.max(orNone ? 0 : 1, min) + " to " + max.toMillis()
                    : "seconds, " + (orNone ? "0" : "more than 0") + " to " + max.toSeconds();
            return wrongValue(found, unit + "; or a string with its unit such as \"30s\" or \"500ms\"");
        });
    }

    /** An amount of memory: a number of megabytes, or a string with its unit; 0 for none. */
    Optional<Long> bytes(Key key) {
        return find(key).flatMap(found -> {
            Optional<Long> bytes = Optional.empty();
            if (found.value() instanceof JsonNumber number) {
                bytes = Sizes.ofMegabytes(number.bigDecimalValue());
            } else if (found.value() instanceof JsonString text) {
                bytes = Sizes.parse(text.getString());
            }
            String expected =
                    "megabytes, 0 to " + Sizes.megabytes(Sizes.BYTES_MAX).toPlainString()
                            + "; or a string with its unit such as \"500MB\" or \"1GiB\"";
            return bytes.isPresent() ? bytes : wrongValue(found, expected);
        });
    }

    /** Strings; numbers and truths are taken as they are written. Values are never shown. */
    List<String> texts(Key key) {
        List<String> texts = new ArrayList<>();
        for (Found item : items(key, "an array of strings")) {
            scalar(item).ifPresent(texts::add);
        }
        return texts;
    }

    /** Values are never shown. */
    Map<String, String> map(Key key) {
        Map<String, String> map = new LinkedHashMap<>();
        Optional<Found> found = find(key);
        if (found.isPresent() && found.get().value() instanceof JsonObject members) {
            members.forEach((name, value) ->
                    scalar(new Found(found.get().name() + "." + name, value)).ifPresent(text -> map.put(name, text)));
        } else if (found.isPresent()) {
            wrong(found.get(), "an object of strings");
        }
        return map;
    }

    private List<Found> items(Key key, String expected) {
        Optional<Found> found = find(key);
        if (found.isEmpty()) {
            return List.of();
        }
        if (found.get().value() instanceof JsonArray array) {
            List<Found> items = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                items.add(new Found(found.get().name() + "[" + i + "]", array.get(i)));
            }
            return items;
        }
        wrong(found.get(), expected);
        return List.of();
    }

    private Optional<String> scalar(Found found) {
        return switch (found.value().getValueType()) {
            case STRING -> Optional.of(((JsonString) found.value()).getString());
            case NUMBER, TRUE, FALSE -> Optional.of(found.value().toString());
            default -> wrong(found, "a string");
        };
    }

    /** Says the type that was found, not the value: it may be a secret. */
    <T> Optional<T> wrong(Found found, String expected) {
        String type = found.value().getValueType().name().toLowerCase(java.util.Locale.ROOT);
        report.error(
                path(found.name()), "a value of type " + type + " (expected: " + expected + ")", "Correct the value.");
        return Optional.empty();
    }

    private <T> Optional<T> wrongValue(Found found, String expected) {
        report.error(
                path(found.name()),
                Report.shown(found.value()) + " (expected: " + expected + ")",
                "Correct the value.");
        return Optional.empty();
    }
}
