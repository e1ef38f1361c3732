package org.mcpservermanager.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.mcpservermanager.gateway.GatewaySettings;
import org.mcpservermanager.gateway.modern.BridgeSettings;
import org.mcpservermanager.logs.LogLimits;
import org.mcpservermanager.manage.alert.WebhookUrl;
import org.mcpservermanager.security.Edge;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.supervision.Ports;

/**
 * What the operator set, from MicroProfile Config: system properties {@code mcp.manager.*} or environment variables
 * {@code MCP_MANAGER_*}.
 *
 * @param sealKeys the file with the keys of what stateless clients carry
 * @param configFile servers to look after; empty: only those defined by the API, and the demo server
 * @param demo whether the demo server runs
 * @param startConcurrency servers that may be starting at the same time, 1 to 1000
 * @param checkConcurrency health checks that may run at the same time, 1 to 1000
 * @param restartGrace how long a call waits for a server that is about to be ready
 * @param all the endpoint over all servers
 * @param logs how much of what servers print is kept in files
 * @param publicUrl where clients reach the manager, without a slash at the end
 * @param gateway its defaults but for how long a body and an answer may take, how often silent streams are written to, and the
 *     name of the hint for input keys
 * @param sampleEvery how often processes are measured
 * @param alertWebhook where alerts are posted to
 * @param configEvery how often the configuration file is looked at; zero: never again
 */
public record Settings(
        Path stateDirectory,
        Path sealKeys,
        Optional<Path> configFile,
        boolean demo,
        int startConcurrency,
        int checkConcurrency,
        Duration restartGrace,
        String publicUrl,
        GatewaySettings gateway,
        Duration sampleEvery,
        Optional<WebhookUrl> alertWebhook,
        LogLimits logs,
        Edge edge,
        Ports ports,
        Duration configEvery,
        Group all) {

    static Settings from(Config config) {
        Path state = config.getOptionalValue("mcp.manager.state-dir", String.class)
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".mcp-server-manager"))
                .toAbsolutePath()
                .normalize();
        Path sealKeys = config.getOptionalValue("mcp.manager.seal-key", String.class)
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text).toAbsolutePath().normalize())
                .orElse(state.resolve("seal.key"));
        Optional<Path> file = config.getOptionalValue("mcp.manager.config", String.class)
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text).toAbsolutePath().normalize());
        boolean demo =
                config.getOptionalValue("mcp.manager.demo", Boolean.class).orElse(file.isEmpty());
        Edge edge = new Edge(
                config.getOptionalValue("mcp.manager.remote.enabled", Boolean.class)
                        .orElse(false),
                Set.copyOf(list(config, "mcp.manager.allowed-hosts")),
                Set.copyOf(list(config, "mcp.manager.allowed-origins")));
        int concurrency = number(config, "mcp.manager.start-concurrency", 3, 1, 1000);
        int checks = number(config, "mcp.manager.health-check-concurrency", 5, 1, 1000);
        int graceSeconds = number(config, "mcp.manager.restart-grace-seconds", 10, 0, 600);
        int port = number(config, "mcp.manager.port", 8080, 1, 65535);
        String url = config.getOptionalValue("mcp.manager.public-url", String.class)
                .orElse("http://127.0.0.1:" + port)
                .replaceAll("/+$", "");
        int sampleSeconds = number(config, "mcp.manager.sample-seconds", 10, 1, 3600);
        Optional<WebhookUrl> webhook = config.getOptionalValue("mcp.manager.alert-webhook", String.class)
                .filter(text -> !text.isBlank())
                .map(text -> WebhookUrl.parse("mcp.manager.alert-webhook", text));
        return new Settings(
                state,
                sealKeys,
                file,
                demo,
                concurrency,
                checks,
                Duration.ofSeconds(graceSeconds),
                url,
                gateway(config),
                Duration.ofSeconds(sampleSeconds),
                webhook,
                logs(config),
                edge,
                ports(config),
                Duration.ofSeconds(number(config, "mcp.manager.config-seconds", 60, 0, 86_400)),
                all(config));
    }

    /** The endpoint over all servers. */
    private static Group all(Config config) {
        String naming = word(config, "mcp.manager.aggregate.collisions", List.of("prefix", "priority", "none"));
        String tools = word(config, "mcp.manager.aggregate.tools", List.of("all", "search"));
        return Group.ofAll(Naming.valueOf(naming.toUpperCase(Locale.ROOT)), tools.equals("search"));
    }

    /** One of several words, the first when nothing was set. */
    private static String word(Config config, String name, List<String> words) {
        String text = config.getOptionalValue(name, String.class).orElse(words.get(0));
        return words.stream()
                .filter(text.strip()::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new ProblemException(new Problem(
                        Problem.INVALID_CONFIGURATION,
                        name + ": \"" + text + "\" (expected: one of " + String.join(", ", words) + ")",
                        "Correct the system property or environment variable and start again.")));
    }

    private static Ports ports(Config config) {
        try {
            return config.getOptionalValue("mcp.manager.ports", String.class)
                    .map(Ports::parse)
                    .orElseGet(Ports::standard);
        } catch (IllegalArgumentException wrong) {
            throw new ProblemException(new Problem(
                    Problem.INVALID_CONFIGURATION,
                    "mcp.manager." + wrong.getMessage(),
                    "Correct the system property or environment variable and start again."));
        }
    }

    private static LogLimits logs(Config config) {
        return new LogLimits(
                (long) number(config, "mcp.manager.log-file-mb", 10, 1, 10_000) << 20,
                number(config, "mcp.manager.log-files", 5, 1, 100));
    }

    private static GatewaySettings gateway(Config config) {
        int bodySeconds = number(config, "mcp.manager.request-body-seconds", 30, 1, 600);
        int heartbeatSeconds = number(config, "mcp.manager.heartbeat-seconds", 15, 1, 600);
        int answerSeconds = number(config, "mcp.manager.answer-seconds", 300, 10, 86_400);
        String inputKeyHint = config.getOptionalValue("mcp.manager.input-key-hint", String.class)
                .map(String::strip)
                .orElse(BridgeSettings.INPUT_KEY_HINT);
        return GatewaySettings.DEFAULT
                .withBridge(BridgeSettings.DEFAULT
                        .withInputKeyHint(inputKeyHint)
                        .withPatience(Duration.ofSeconds(answerSeconds)))
                .withBodyDeadline(Duration.ofSeconds(bodySeconds))
                .withHeartbeat(Duration.ofSeconds(heartbeatSeconds));
    }

    private static List<String> list(Config config, String name) {
        List<String> values = new ArrayList<>();
        config.getOptionalValue(name, String.class).ifPresent(text -> {
            for (String part : text.split(",", -1)) {
                if (!part.isBlank()) {
                    values.add(part.strip());
                }
            }
        });
        return values;
    }

    private static int number(Config config, String name, int otherwise, int min, int max) {
        String text = config.getOptionalValue(name, String.class).orElse(Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, like a number out of range.
        }
        throw new ProblemException(new Problem(
                Problem.INVALID_CONFIGURATION,
                name + ": \"" + text + "\" (expected: a whole number from " + min + " to " + max + ")",
                "Correct the system property or environment variable and start again."));
    }
}
