package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Containment;

/** Reads {@code containment} and the block that belongs to it, {@code cgroup} or {@code container}. */
final class ContainmentReader {
    private static final List<String> WORDS = List.of("auto", "none", "group", "pidns", "cgroup", "container");
    private static final Set<String> OF_CGROUP = Set.of("memory", "pids");
    private static final Set<String> OF_CONTAINER = Set.of(
            "runtime",
            "image",
            "tag",
            "pull",
            "mounts",
            "network",
            "user",
            "read_only",
            "cap_drop",
            "memory",
            "pids",
            "cpus",
            "options");
    /** What the manager itself says to the runtime, and cannot do its work without. */
    private static final Pattern RESERVED_OPTION = Pattern.compile(
            "(-d|--detach|-t|--tty|-[a-zA-Z]*[dt]|--name|--cidfile|--restart|--rm|--sig-proxy|-a|--attach)(=.*)?");

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([kmg]?)i?b?", Pattern.CASE_INSENSITIVE);
    private static final long MEMORY_MIN = 4 << 20;
    private static final int PIDS_MAX = 4_194_304;
    private final Fields fields;
    private final Variables variables;

    ContainmentReader(Fields fields, Variables variables) {
        this.fields = fields;
        this.variables = variables;
    }

    Containment read() {
        String implied = fields.has(Key.CONTAINER) ? "container" : fields.has(Key.CGROUP) ? "cgroup" : "auto";
        String word = fields.word(Key.CONTAINMENT, WORDS).orElse(implied);
        warnOfIdleBlock(Key.CONTAINER, word);
        warnOfIdleBlock(Key.CGROUP, word);
        return switch (word) {
            case "cgroup" ->
                new Containment.Cgroup(
                        fields.has(Key.CGROUP) ? ceiling(new Block(Key.CGROUP, OF_CGROUP)) : Containment.Ceiling.NONE);
            case "container" -> container();
            default -> Containment.Level.valueOf(word.toUpperCase(Locale.ROOT));
        };
    }

    private void warnOfIdleBlock(Key key, String word) {
        if (fields.has(key) && !word.equals(key.text())) {
            fields.report()
                    .warning(
                            ConfigProblem.NO_EFFECT,
                            fields.path(key.text()),
                            "has no effect with containment \"" + word + "\"",
                            "Remove it, or set containment to \"" + key.text() + "\".");
        }
    }

    private Containment container() {
        if (!fields.has(Key.CONTAINER)) {
            fields.report()
                    .error(
                            fields.path("container"),
                            "missing (expected: an object with \"image\", because containment is \"container\")",
                            "Add \"container\": {\"image\": \"name:tag\"}.");
            return Containment.AUTO;
        }
        Block block = new Block(Key.CONTAINER, OF_CONTAINER);
        return new Containment.Container(
                block.text("runtime", "[^\\s-]\\S*", "a program such as \"docker\" or \"podman\", or its path"),
                image(block),
                pull(block),
                mounts(block),
                block.text("network", "[^\\s-]\\S*", "the name of a network, or none"),
                block.text("user", "[^\\s-]\\S*", "a user, or USER:GROUP"),
                block.truth("read_only"),
                block.texts("cap_drop"),
                ceiling(block),
                cpus(block),
                options(block));
    }

    private String image(Block block) {
        String form = "[^\\s-]\\S*";
        String image = block.text("image", form, "the name of an image, with its tag or digest");
        String tag = block.text("tag", "[\\w][\\w.-]{0,127}", "a tag");
        boolean missing = block.get("image")
                .map(value ->
                        value instanceof JsonString text && text.getString().isEmpty())
                .orElse(true);
        if (missing) {
            block.error("image", "missing or empty (expected: the name of an image)", "Name the image to run.");
        }
        boolean hasTag = image.contains("@") || image.lastIndexOf(':') > image.lastIndexOf('/');
        if (!tag.isEmpty() && hasTag) {
            block.error(
                    "tag",
                    "given, while the image names a tag or digest itself (expected: one of the two)",
                    "Keep one.");
        }
        return tag.isEmpty() ? image : image + ":" + tag;
    }

    private static Containment.Pull pull(Block block) {
        String word = block.text("pull", "(?i)missing|always|never", "missing, always or never");
        return word.isEmpty() ? Containment.Pull.MISSING : Containment.Pull.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static List<Containment.Mount> mounts(Block block) {
        List<Containment.Mount> mounts = new ArrayList<>();
        for (String text : block.texts("mounts")) {
            Optional<Containment.Mount> mount = Containment.Mount.parse(text);
            if (mount.isEmpty()) {
                block.error(
                        "mounts",
                        "\"" + Report.shown(text)
                                + "\" (expected: SOURCE:TARGET or SOURCE:TARGET:ro, SOURCE an absolute path or the name of a"
                                + " volume, TARGET an absolute path, without commas and quotes)",
                        "Correct the mount.");
            }
            mount.ifPresent(mounts::add);
        }
        return mounts;
    }

    private static List<String> options(Block block) {
        List<String> options = block.texts("options");
        for (String option : options) {
            if (RESERVED_OPTION.matcher(option).matches()) {
                block.error(
                        "options",
                        "\"" + Report.shown(option)
                                + "\" (expected: no option that the manager sets itself, or that would part it"
                                + " from its server)",
                        "Remove it.");
            }
        }
        return options;
    }

    private static String cpus(Block block) {
        Optional<JsonValue> value = block.get("cpus");
        if (value.isEmpty()) {
            return "";
        }
        String text = value.get() instanceof JsonString string
                ? string.getString()
                : value.get().toString();
        if (!text.matches("\\d{1,4}(\\.\\d{1,3})?") || new BigDecimal(text).signum() == 0) {
            block.error(
                    "cpus", Report.shown(value.get()) + " (expected: a number such as 0.5 or 2)", "Correct the value.");
        }
        return text;
    }

    private static Containment.Ceiling ceiling(Block block) {
        return new Containment.Ceiling(memory(block), pids(block));
    }

    private static long memory(Block block) {
        Optional<JsonValue> value = block.get("memory");
        if (value.isEmpty()) {
            return 0;
        }
        String text = value.get() instanceof JsonString string
                ? string.getString()
                : value.get().toString();
        Matcher size = SIZE.matcher(text.strip());
        long bytes = size.matches() ? Long.parseLong(size.group(1)) << shift(size.group(2)) : -1;
        if (bytes < MEMORY_MIN || bytes > Long.MAX_VALUE >> 10) {
            block.error(
                    "memory",
                    Report.shown(value.get())
                            + " (expected: bytes, or a string such as \"512m\" or \"2g\", at least 4m)",
                    "Correct the value.");
            return 0;
        }
        return bytes;
    }

    private static int shift(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
    }

    private static int pids(Block block) {
        Optional<JsonValue> value = block.get("pids");
        if (value.isEmpty()) {
            return 0;
        }
        boolean valid = value.get() instanceof JsonNumber number
                && number.isIntegral()
                && number.bigDecimalValue().compareTo(BigDecimal.ONE) >= 0
                && number.bigDecimalValue().compareTo(BigDecimal.valueOf(PIDS_MAX)) <= 0;
        if (!valid) {
            block.error(
                    "pids",
                    Report.shown(value.get()) + " (expected: an integer from 1 to " + PIDS_MAX + ")",
                    "Correct it.");
            return 0;
        }
        return ((JsonNumber) value.get()).intValue();
    }

    /** One object below an entry. */
    private final class Block {
        private final String name;
        private final JsonObject object;

        Block(Key key, Set<String> known) {
            Fields.Found found = fields.find(key).orElseThrow();
            name = found.name();
            if (found.value() instanceof JsonObject members) {
                object = members;
            } else {
                object = JsonValue.EMPTY_JSON_OBJECT;
                fields.wrong(found, "an object");
            }
            object.keySet().stream().filter(member -> !known.contains(member)).forEach(member -> fields.report()
                    .warning(
                            ConfigProblem.UNKNOWN_KEY,
                            fields.path(name + "." + member),
                            "unknown key, ignored",
                            Key.nearest(member, known)
                                    .map(near -> "Did you mean \"" + near + "\"?")
                                    .orElse("Remove it.")));
        }

        Optional<JsonValue> get(String member) {
            return Optional.ofNullable(object.get(member)).filter(value -> value != JsonValue.NULL);
        }

        void error(String member, String message, String remedy) {
            fields.report().error(fields.path(name + "." + member), message, remedy);
        }

        boolean truth(String member) {
            Optional<JsonValue> value = get(member);
            if (value.isPresent() && value.get() != JsonValue.TRUE && value.get() != JsonValue.FALSE) {
                fields.wrong(new Fields.Found(name + "." + member, value.get()), "true or false");
            }
            return value.filter(JsonValue.TRUE::equals).isPresent();
        }

        /** Empty when absent. */
        String text(String member, String form, String expected) {
            Optional<JsonValue> value = get(member);
            return value.isEmpty() ? "" : text(member, value.get(), form, expected);
        }

        private String text(String member, JsonValue value, String form, String expected) {
            if (!(value instanceof JsonString string)) {
                fields.wrong(new Fields.Found(name + "." + member, value), "a string: " + expected);
                return "";
            }
            String text = variables.resolve(string.getString(), fields.path(name + "." + member), fields.report());
            if (text.indexOf(0) >= 0 || (!text.isEmpty() && !text.matches(form))) {
                error(member, "\"" + Report.shown(text) + "\" (expected: " + expected + ")", "Correct the value.");
                return "";
            }
            return text;
        }

        List<String> texts(String member) {
            List<String> texts = new ArrayList<>();
            Optional<JsonValue> value = get(member);
            if (value.isPresent() && value.get() instanceof JsonArray array) {
                for (int i = 0; i < array.size(); i++) {
                    texts.add(text(member + "[" + i + "]", array.get(i), "(?s).+", "not empty"));
                }
            } else if (value.isPresent()) {
                fields.wrong(new Fields.Found(name + "." + member, value.get()), "an array of strings");
            }
            return texts;
        }
    }
}
