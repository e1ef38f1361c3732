package org.mcpservermanager.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Wire;

/** Reads how a server is reached: a command, or a URL. */
final class WireReader {
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*");
    static final int PORT_MAX = 65535;

    private final Fields fields;
    private final Variables variables;
    private final Place place;
    private final CommandReader command;
    private final RemoteReader remote;

    WireReader(Fields fields, Variables variables, Place place) {
        this.fields = fields;
        this.variables = variables;
        this.place = place;
        this.command = new CommandReader(fields, variables, place);
        this.remote = new RemoteReader(fields, variables);
    }

    Optional<Wire> read() {
        boolean hasCommand = fields.has(Key.COMMAND);
        boolean hasUrl = fields.has(Key.URL);
        Optional<String> type = fields.text(Key.TYPE)
                .map(text -> text.toLowerCase(Locale.ROOT).replace("-", "").replace("_", ""));
        if (type.filter("custom"::equals).isPresent() || fields.has(Key.BEAN)) {
            return custom(type);
        }
        if (!hasCommand && !hasUrl && type.filter("tcp"::equals).isPresent()) {
            return tcp();
        }
        if (!hasCommand && !hasUrl && fields.has(Key.CONTAINER)) {
            return Optional.of(command.readWithoutProgram());
        }
        if (hasCommand == hasUrl) {
            fields.report()
                    .error(
                            fields.path(""),
                            hasCommand
                                    ? "both command and url (expected: one)"
                                    : "neither command nor url (expected: one)",
                            "Give \"command\" for a process that the manager starts, \"url\" for a remote server, or"
                                    + " \"bean\" for one inside the manager.");
            return Optional.empty();
        }
        if (!hasCommand) {
            return remote(type);
        }
        String word = type.orElse("stdio");
        Optional<Wire.Speech> speech = speech(word);
        if (speech.isPresent()) {
            return served(speech.get());
        }
        warnOfNoEffect(
                Key.SURVIVE, "has no effect for a server that is reached by its pipes, which end with the manager");
        return stdio(word);
    }

    private Optional<Wire> custom(Optional<String> type) {
        String bean = fields.text(Key.BEAN).orElse("");
        boolean isOther = type.filter(word -> !word.equals("custom")).isPresent();
        if (isOther || bean.isBlank() || fields.has(Key.COMMAND) || fields.has(Key.URL)) {
            fields.report()
                    .error(
                            fields.path(Key.BEAN.text()),
                            "\"" + Report.shown(bean) + "\"" + (isOther ? ", type \"" + type.get() + "\"" : "")
                                    + " (expected: the name of a bean, with type custom, and neither command nor url)",
                            "Give \"type\": \"custom\" and \"bean\" for a server inside the manager, and nothing else of"
                                    + " how it is reached.");
            return Optional.empty();
        }
        warnOfKeys(
                List.of(Key.ARGS, Key.CWD, Key.CONTAINMENT, Key.CGROUP, Key.CONTAINER, Key.SURVIVE), "a custom server");
        return Optional.of(new Wire.Custom(bean, command.environment()));
    }

    private static Optional<Wire.Speech> speech(String type) {
        return switch (type) {
            case "http", "streamablehttp" -> Optional.of(Wire.Speech.HTTP);
            case "websocket", "ws" -> Optional.of(Wire.Speech.WEBSOCKET);
            case "tcp" -> Optional.of(Wire.Speech.TCP);
            default -> Optional.empty();
        };
    }

    private Optional<Wire> served(Wire.Speech speech) {
        int port = fields.integer(Key.PORT, 0, PORT_MAX).orElse(0);
        String path = speech == Wire.Speech.TCP ? "" : fields.text(Key.PATH).orElse(Wire.Served.DEFAULT_PATH);
        if (speech != Wire.Speech.TCP && !PATH.matcher(path).matches()) {
            fields.report()
                    .error(
                            fields.path("path"),
                            "\"" + Report.shown(path) + "\" (expected: the path of a URL, as /mcp)",
                            "Correct the path.");
        }
        boolean survives = fields.truth(Key.SURVIVE).orElse(false);
        return new CommandReader(fields, variables.keeping("port"), place)
                .read()
                .map(process -> new Wire.Served(process, speech, port, path, survives));
    }

    private Optional<Wire> tcp() {
        warnOfProcessKeys();
        return remote.tcp();
    }

    private Optional<Wire> remote(Optional<String> type) {
        Optional<Wire.Speech> speech = type.flatMap(WireReader::speech);
        boolean socket = speech.filter(Wire.Speech.WEBSOCKET::equals).isPresent()
                || type.isEmpty()
                        && fields.text(Key.URL)
                                .filter(text -> text.startsWith("ws"))
                                .isPresent();
        if (!socket) {
            return http(type.orElse("http"));
        }
        warnOfProcessKeys();
        return remote.webSocket();
    }

    private Optional<Wire> stdio(String type) {
        if (!type.equals("stdio") && !type.equals("local")) {
            return refuseType("stdio, http, websocket or tcp, because there is a command");
        }
        return command.read().map(wire -> wire);
    }

    private Optional<Wire> http(String type) {
        boolean sse = type.equals("sse") || type.equals("http+sse");
        if (!sse && !List.of("http", "streamablehttp", "remote", "https").contains(type)) {
            return refuseType("http, sse or websocket, because there is a url");
        }
        warnOfProcessKeys();
        return remote.http(sse);
    }

    private void warnOfProcessKeys() {
        warnOfKeys(
                List.of(Key.ARGS, Key.ENV, Key.CWD, Key.CONTAINMENT, Key.CGROUP, Key.CONTAINER, Key.SURVIVE),
                "a remote server");
    }

    private void warnOfKeys(List<Key> keys, String server) {
        for (Key key : keys) {
            warnOfNoEffect(key, "has no effect for " + server);
        }
    }

    private void warnOfNoEffect(Key key, String why) {
        fields.find(key).ifPresent(found -> fields.report()
                .warning(ConfigProblem.NO_EFFECT, fields.path(found.name()), why, "Remove it."));
    }

    private Optional<Wire> refuseType(String expected) {
        Fields.Found type = fields.find(Key.TYPE).orElseThrow();
        fields.report()
                .add(
                        ConfigProblem.Severity.ERROR,
                        Problem.TRANSPORT_NOT_SUPPORTED,
                        fields.path(type.name()),
                        Report.shown(type.value()) + " (expected: " + expected + ")",
                        "Correct the type, or remove it.");
        return Optional.empty();
    }
}
