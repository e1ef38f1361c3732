package org.mcpservermanager.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys of an entry, each with the names it is known by; the first is ours. Durations: a name in camelCase counts
 * milliseconds, a name in snake_case seconds (with {@code _ms} milliseconds), a string carries its unit ("30s", "500ms").
 */
enum Key {
    ID("id"),
    NAME("name"),
    DESCRIPTION("description"),
    TYPE("type", "transport", "transportType", "transport_type", "protocol"),
    COMMAND("command"),
    ARGS("args", "arguments"),
    ENV("env", "environment"),
    CWD("cwd", "workingDirectory", "working_directory"),
    USER("user", "run_as", "runAs"),
    URL("url", "serverUrl", "httpUrl", "endpoint"),
    HEADERS("headers", "http_headers"),
    BEAN("bean", "bean_name", "beanName"),
    HOST("host"),
    PORT("port"),
    PATH("path"),
    SURVIVE("survive", "survives"),
    ENABLED("enabled"),
    DISABLED("disabled"),
    AUTO_START("autoStart", "auto_start", "autostart"),
    PRIORITY("priority"),
    TAGS("tags"),
    ISOLATION("isolation"),
    ERA("era", "protocol_era", "protocolEra"),
    PROTOCOL_VERSION("protocol_version", "protocolVersion"),
    CONTAINMENT("containment"),
    CGROUP("cgroup"),
    CONTAINER("container"),
    RESTART_POLICY("restart_policy", "restartPolicy"),
    AUTO_RESTART("auto_restart", "autoRestart", "restartOnExit", "restart_on_exit"),
    RESTART_DELAY("restart_delay", "restartDelay", "restart_delay_ms"),
    RESTART_DELAY_MAX("restart_delay_max", "restartDelayMax", "max_restart_delay", "maxRestartDelay"),
    RESTART_ATTEMPTS_MAX("max_restart_attempts", "maxRestartAttempts", "max_restarts", "maxRestarts", "max_retries"),
    RESTART_MODE("restart_mode", "restartMode"),
    STABLE_AFTER("stable_after", "stableAfter"),
    CLEAN_EXIT_CODES("success_exit_codes", "successExitCodes"),
    STARTUP_TIMEOUT(
            "startup_timeout",
            "startupTimeout",
            "startup_timeout_sec",
            "startup_timeout_ms",
            "connectionTimeout",
            "connection_timeout"),
    REQUEST_TIMEOUT("request_timeout", "requestTimeout", "request_timeout_ms", "tool_timeout_sec", "timeout"),
    END_OF_INPUT_TIMEOUT("end_of_input_timeout", "endOfInputTimeout"),
    SHUTDOWN_TIMEOUT(
            "shutdown_timeout", "shutdownTimeout", "shutdown_timeout_ms", "stop_timeout", "stopTimeout", "shutdown"),
    LIMITS("limits", "resource_limits", "resourceLimits"),
    MEMORY_LIMIT("memory_limit", "memoryLimit", "memory_limit_mb", "max_memory_mb", "max_memory_restart"),
    MEMORY_LIMIT_ACTION("memory_limit_action", "memoryLimitAction"),
    CPU_LIMIT("cpu_limit", "cpuLimit", "cpu_limit_percent"),
    CPU_LIMIT_ACTION("cpu_limit_action", "cpuLimitAction"),
    PROCESS_LIMIT("process_limit", "processLimit", "max_processes", "maxProcesses"),
    PROCESS_LIMIT_ACTION("process_limit_action", "processLimitAction"),
    OPEN_FILES_LIMIT("open_files_limit", "openFilesLimit", "max_open_files", "maxOpenFiles"),
    OPEN_FILES_LIMIT_ACTION("open_files_limit_action", "openFilesLimitAction"),
    LIMIT_ACTION("limit_action", "limitAction"),
    LIMIT_HARD("hard_limits", "hardLimits"),
    ALERTS("alerts", "alert_thresholds", "alertThresholds"),
    ALERT_MEMORY("alert_memory"),
    ALERT_CPU("alert_cpu"),
    ALERT_ERRORS("alert_errors"),
    ALERT_LATENCY("alert_latency", "alert_latency_ms"),
    ALERT_RESTARTS("alert_restarts"),
    STARTUP_TIMEOUT_MAX("startup_timeout_max", "startupTimeoutMax", "startup_timeout_max_ms"),
    SPARES("spares"),
    DRAIN_TIMEOUT("drain_timeout", "drainTimeout", "drain_timeout_ms"),
    AFTER("after"),
    REQUIRES("requires", "depends_on", "dependsOn"),
    BIND("bind", "bind_to", "bindTo"),
    HEALTH("health", "health_check", "healthCheck", "healthcheck"),
    HEALTH_ENABLED("health_check_enabled", "healthCheckEnabled"),
    HEALTH_KIND("health_check_kind", "healthCheckKind"),
    HEALTH_PATH("health_check_path", "healthCheckPath"),
    HEALTH_BEAN("health_check_bean", "healthCheckBean"),
    HEALTH_INTERVAL("health_check_interval", "healthCheckInterval", "health_check_interval_ms"),
    HEALTH_RECOVERY_INTERVAL("recovery_check_interval", "recoveryCheckInterval", "recovery_check_interval_ms"),
    HEALTH_TIMEOUT("health_check_timeout", "healthCheckTimeout", "health_check_timeout_ms"),
    FAILURE_THRESHOLD("failure_threshold", "failureThreshold"),
    RECOVERY_THRESHOLD("recovery_threshold", "recoveryThreshold"),
    DEGRADED_LATENCY("degraded_latency", "degradedLatency", "degraded_latency_ms"),
    INIT_MESSAGE("init_message", "initMessage"),
    TOOLS("tools"),
    TOOLS_ENABLED("enabled_tools", "enabledTools", "includeTools", "allowed_tools", "allowedTools"),
    TOOLS_DISABLED("disabled_tools", "disabledTools", "excludeTools", "excluded_tools"),
    TOOL_NAMES("tool_names", "toolNames", "tool_name_overrides", "toolNameOverrides"),
    TOOL_DESCRIPTIONS(
            "tool_descriptions", "toolDescriptions", "tool_description_overrides", "toolDescriptionOverrides"),
    PROMPTS_ENABLED("enabled_prompts", "enabledPrompts"),
    PROMPTS_DISABLED("disabled_prompts", "disabledPrompts"),
    PROMPT_NAMES("prompt_names", "promptNames"),
    PROMPT_DESCRIPTIONS("prompt_descriptions", "promptDescriptions"),
    RESOURCES_ENABLED("enabled_resources", "enabledResources"),
    RESOURCES_DISABLED("disabled_resources", "disabledResources"),
    OPTIONS("options"),
    TOOL_FILTER("toolFilter", "tool_filter"),
    TOOL_FILTER_MODE("tool_filter_mode"),
    TOOL_FILTER_LIST("tool_filter_list"),
    CONCURRENT_REQUESTS_MAX("max_concurrent_requests", "maxConcurrentRequests"),
    REQUEST_RATE_LIMIT("request_rate_limit", "requestRateLimit"),
    REPEAT_LOST_CALLS("repeat_lost_calls", "repeatLostCalls"),
    GROUP_SERVERS("group_servers"),
    GROUP_TOOLS("group_tools"),
    COLLISIONS("collisions", "collision_policy", "conflictResolution", "conflict_resolution"),
    SOURCE("source");

    private static final Set<String> KNOWN =
            Arrays.stream(values()).flatMap(key -> key.names.stream()).collect(Collectors.toUnmodifiableSet());

    /** Keys of other programs that mean nothing here; said once per key, so that nobody relies on them. */
    private static final Set<String> ELSEWHERE = Set.of(
            "alwaysAllow",
            "autoApprove",
            "trust",
            "oauth",
            "auth",
            "envFile",
            "envFilter",
            "inheritParentEnv",
            "icon",
            "gallery",
            "version",
            "dev",
            "idle_ttl_s",
            "idleTimeout",
            "pool_size",
            "max_overflow",
            "replicas",
            "panicIfInvalid",
            "logEnabled",
            "authTokens",
            "note",
            "notes");

    @SuppressWarnings("ImmutableEnumChecker") // List.of: cannot change, which the type does not say
    private final List<String> names;

    Key(String... names) {
        this.names = List.of(names);
    }

    List<String> names() {
        return names;
    }

    boolean isNamed(String name) {
        return names.contains(name);
    }

    /** The name we write. */
    String text() {
        return names.get(0);
    }

    static boolean isKnownElsewhere(String name) {
        return ELSEWHERE.contains(name);
    }

    static boolean isKnown(String name) {
        return KNOWN.contains(name);
    }

    /** The known name that was most likely meant; empty when none is near. */
    static Optional<String> nearest(String name) {
        return nearest(name, KNOWN);
    }

    static Optional<String> nearest(String name, Collection<String> candidates) {
        String plain = plain(name);
        int far = Math.max(1, Math.min(3, plain.length() / 3));
        return candidates.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= far)
                .min(Comparator.<String>comparingInt(candidate -> distance(plain, plain(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String plain(String name) {
        String cut = name.length() > 64 ? name.substring(0, 64) : name;
        return cut.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Insertions, deletions and replacements that make one word of the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
