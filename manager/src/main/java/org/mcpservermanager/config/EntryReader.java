package org.mcpservermanager.config;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/** Makes a spec of one entry, or reports why it cannot. */
final class EntryReader {
    private static final Set<String> INSTALLERS = Set.of("npx", "uvx", "pipx", "bunx", "docker", "podman");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int TAGS_MAX = 32;
    private static final int TEXT_MAX = 2_000;
    private final Fields fields;
    private final Variables variables;
    private final Place place;

    EntryReader(String path, JsonObject entry, Report report, Variables variables, Place place) {
        this.fields = new Fields(path, entry, report);
        this.variables = variables;
        this.place = place;
    }

    /** Empty when the report has errors. */
    Optional<ServerSpec> read(ServerId id, String name, String source) {
        fields.text(Key.ID);
        Optional<Wire> wire = new WireReader(fields, variables, place).read();
        String shown = fields.text(Key.NAME).orElse(name);
        String description = fields.text(Key.DESCRIPTION).orElse("");
        boolean enabled = enabled();
        boolean autoStart = fields.truth(Key.AUTO_START).orElse(true);
        int priority = fields.integer(Key.PRIORITY, -1_000_000, 1_000_000).orElse(100);
        List<String> tags = tags();
        Isolation isolation = isolation();
        Spoken spoken = spoken();
        Containment containment = new ContainmentReader(fields, variables).read();
        RestartPolicy restart = restart(
                wire.filter(Wire.Custom.class::isInstance).isPresent()
                        ? RestartPolicy.Mode.PERMANENT
                        : RestartPolicy.DEFAULT.mode());
        boolean installs = containment instanceof Containment.Container
                || wire.filter(EntryReader::installs).isPresent();
        Timeouts timeouts = timeouts(installs);
        Limits limits = new LimitsReader(fields).read();
        AlertPolicy alerts = AlertsReader.read(fields);
        StartRules start = new StartReader(fields).read(id);
        HealthPolicy health = new HealthReader(fields).read(wire);
        Exposure exposure = new ExposureReader(fields).read();
        Quota quota = QuotaReader.read(fields);
        checkLength(Key.NAME, shown);
        checkLength(Key.DESCRIPTION, description);
        fields.warnOfTheRest();
        if (wire.isEmpty() || fields.report().hasErrors()) {
            return Optional.empty();
        }
        return Optional.of(ServerSpec.of(id, wire.get(), source)
                .draft()
                .name(shown)
                .description(description)
                .enabled(enabled)
                .autoStart(autoStart)
                .priority(priority)
                .tags(tags)
                .isolation(isolation)
                .containment(containment)
                .restart(restart)
                .timeouts(timeouts)
                .limits(limits)
                .alerts(alerts)
                .health(health)
                .start(start)
                .exposure(exposure)
                .quota(quota)
                .spoken(spoken)
                .spec());
    }

    private boolean enabled() {
        Optional<Boolean> enabled = fields.truth(Key.ENABLED);
        Optional<Boolean> disabled = fields.truth(Key.DISABLED);
        if (enabled.isPresent() && enabled.equals(disabled)) {
            fields.report()
                    .error(
                            fields.path("disabled"),
                            disabled.get() + ", while enabled is " + enabled.get() + " (expected: one of the two)",
                            "Remove one of the two keys.");
        }
        return enabled.orElse(!disabled.orElse(false));
    }

    private List<String> tags() {
        List<String> tags = fields.texts(Key.TAGS);
        if (tags.size() > TAGS_MAX || tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > 64)) {
            fields.report()
                    .error(
                            fields.path("tags"),
                            tags.size() + " tags (expected: at most " + TAGS_MAX + ", each of 1 to 64 characters)",
                            "Shorten the list.");
        }
        return tags;
    }

    private void checkLength(Key key, String text) {
        if (text.length() > TEXT_MAX) {
            fields.report()
                    .error(
                            fields.path(key.text()),
                            text.length() + " characters (expected: at most " + TEXT_MAX + ")",
                            "Shorten it.");
        }
    }

    private Isolation isolation() {
        return fields.word(Key.ISOLATION, List.of("auto", "shared", "session"))
                .map(word -> Isolation.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Isolation.AUTO);
    }

    private Spoken spoken() {
        Spoken.Choice era = fields.word(Key.ERA, List.of("auto", "legacy", "modern"))
                .map(word -> Spoken.Choice.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Spoken.Choice.AUTO);
        String version = fields.word(Key.PROTOCOL_VERSION, Spoken.VERSIONS).orElse("");
        Spoken.Choice said = new Spoken(Spoken.Choice.AUTO, version).era();
        if (era != Spoken.Choice.AUTO && !version.isEmpty() && era != said) {
            fields.report()
                    .error(
                            fields.path(Key.PROTOCOL_VERSION.text()),
                            "\"" + version + "\", while era is \"" + era.name().toLowerCase(Locale.ROOT)
                                    + "\" (expected: a revision of that era)",
                            "Remove one of the two keys.");
            return Spoken.AUTO;
        }
        return new Spoken(era, version);
    }

    private RestartPolicy restart(RestartPolicy.Mode unsaid) {
        RestartPolicy standard = RestartPolicy.DEFAULT;
        Duration delay = fields.durationOrNone(Key.RESTART_DELAY, HOUR).orElse(standard.delay());
        Duration delayMax = fields.duration(Key.RESTART_DELAY_MAX, DAY, 1)
                .orElse(delay.compareTo(standard.delayMax()) > 0 ? delay : standard.delayMax());
        if (delayMax.compareTo(delay) < 0) {
            fields.report()
                    .error(
                            fields.path("restart_delay_max"),
                            delayMax + " (expected: at least restart_delay, " + delay + ")",
                            "Raise it, or lower restart_delay.");
        }
        return new RestartPolicy(
                mode().orElse(unsaid),
                fields.truth(Key.AUTO_RESTART).orElse(standard.auto()),
                delay,
                delayMax,
                fields.integer(Key.RESTART_ATTEMPTS_MAX, 0, 1_000_000).orElse(standard.attemptsMax()),
                fields.duration(Key.STABLE_AFTER, DAY, 1).orElse(standard.stableAfter()),
                Set.copyOf(fields.integers(Key.CLEAN_EXIT_CODES, 0, 255)),
                fields.word(Key.RESTART_MODE, List.of("sequential", "overlap"))
                        .filter("overlap"::equals)
                        .isPresent());
    }

    private Optional<RestartPolicy.Mode> mode() {
        List<String> words = List.of(
                "permanent",
                "transient",
                "temporary",
                "always",
                "on-failure",
                "on_failure",
                "unless-stopped",
                "never",
                "no");
        return fields.word(Key.RESTART_POLICY, words).map(word -> switch (word) {
            case "permanent", "always", "unless-stopped" -> RestartPolicy.Mode.PERMANENT;
            case "temporary", "never", "no" -> RestartPolicy.Mode.TEMPORARY;
            default -> RestartPolicy.Mode.TRANSIENT;
        });
    }

    private Timeouts timeouts(boolean installs) {
        Timeouts standard = Timeouts.DEFAULT;
        return new Timeouts(
                fields.duration(Key.STARTUP_TIMEOUT, DAY, 1_000)
                        .orElse(installs ? Timeouts.STARTUP_OF_INSTALLERS : standard.startup()),
                fields.duration(Key.REQUEST_TIMEOUT, DAY, 1_000).orElse(standard.request()),
                fields.duration(Key.END_OF_INPUT_TIMEOUT, DAY, 1).orElse(standard.endOfInput()),
                fields.duration(Key.SHUTDOWN_TIMEOUT, DAY, 1).orElse(standard.stop()));
    }

    private static boolean installs(Wire wire) {
        Wire started = wire instanceof Wire.Served served ? served.process() : wire;
        return started instanceof Wire.Stdio stdio
                && INSTALLERS.contains(stdio.command().substring(stdio.command().lastIndexOf('/') + 1));
    }
}
