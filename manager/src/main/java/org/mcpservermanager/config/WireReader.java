package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Wire;

/** Reads how a server is reached: a command, or a URL. */
final class WireReader {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> HEADERS_OF_OTHERS =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final int PORT_MAX = 65535;
    private final Fields fields;
    private final Variables variables;
    private final Place place;

    WireReader(Fields fields, Variables variables, Place place) {
        this.fields = fields;
        this.variables = variables;
        this.place = place;
    }

    Optional<Wire> read() {
        boolean command = fields.has(Key.COMMAND);
        boolean url = fields.has(Key.URL);
        Optional<String> type = fields.text(Key.TYPE)
                .map(text -> text.toLowerCase(Locale.ROOT).replace("-", "").replace("_", ""));
        if (type.filter("custom"::equals).isPresent() || fields.has(Key.BEAN)) {
            return custom(type);
        }
        if (!command && !url && type.filter("tcp"::equals).isPresent()) {
            return tcp();
        }
        if (!command && !url && fields.has(Key.CONTAINER)) {
            // The image's own command runs.
            return Optional.of(new Wire.Stdio("", arguments(new ArrayList<>()), environment(), directory(), user()));
        }
        if (command == url) {
            fields.report()
                    .error(
                            fields.path(""),
                            command
                                    ? "both command and url (expected: one)"
                                    : "neither command nor url (expected: one)",
                            "Give \"command\" for a process that the manager starts, \"url\" for a remote server, or"
                                    + " \"bean\" for one inside the manager.");
            return Optional.empty();
        }
        if (!command) {
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
                List.of(Key.ARGS, Key.CWD, Key.USER, Key.CONTAINMENT, Key.CGROUP, Key.CONTAINER, Key.SURVIVE),
                "a custom server");
        return Optional.of(new Wire.Custom(bean, environment()));
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
        WireReader process = new WireReader(fields, variables.keeping("port"), place);
        return process.stdio("stdio").map(wire -> new Wire.Served((Wire.Stdio) wire, speech, port, path, survives));
    }

    private Optional<Wire> tcp() {
        warnOfProcessKeys();
        String host = fields.text(Key.HOST).map(text -> resolve(text, "host")).orElse("");
        Optional<Integer> port = fields.integer(Key.PORT, 1, PORT_MAX);
        if (!HOST.matcher(host).matches() || port.isEmpty()) {
            if (!fields.report().hasErrors()) {
                fields.report()
                        .error(
                                fields.path("host"),
                                "tcp without host and port (expected: both)",
                                "Give \"host\" and \"port\" for a remote server, or \"command\" for a process that the"
                                        + " manager starts.");
            }
            return Optional.empty();
        }
        return Optional.of(new Wire.Tcp(host, port.get()));
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
        Map<String, String> headers = headers();
        return url(Set.of("ws", "wss")).map(url -> new Wire.WebSocket(url, headers));
    }

    private Optional<Wire> stdio(String type) {
        if (!type.equals("stdio") && !type.equals("local")) {
            return refuseType("stdio, http, websocket or tcp, because there is a command");
        }
        List<String> line = commandLine();
        Map<String, String> environment = environment();
        String directory = directory();
        String user = user();
        if (line.isEmpty() || line.get(0).isBlank()) {
            reportEmptyCommand();
            return Optional.empty();
        }
        String program = line.get(0);
        boolean isPath = program.contains("/") || program.startsWith("~");
        return Optional.of(new Wire.Stdio(
                isPath ? path(Key.COMMAND, program) : program,
                line.subList(1, line.size()),
                environment,
                directory,
                user));
    }

    private String user() {
        return UserReader.read(fields, variables);
    }

    private String directory() {
        return fields.text(Key.CWD).map(text -> path(Key.CWD, text)).orElse("");
    }

    private void reportEmptyCommand() {
        if (!fields.report().hasErrors()) {
            fields.report().error(fields.path("command"), "empty (expected: a program)", "Name the program to start.");
        }
    }

    /** The program and its arguments; "command" may be an array of both. */
    private List<String> commandLine() {
        List<String> line = new ArrayList<>();
        Fields.Found command = fields.find(Key.COMMAND).orElseThrow();
        JsonValue value = command.value();
        if (value instanceof JsonString text) {
            add(line, text.getString(), "command");
        } else if (value instanceof JsonArray) {
            fields.texts(Key.COMMAND).forEach(text -> add(line, text, "command[" + line.size() + "]"));
        } else {
            fields.wrong(command, "a string, or an array of strings");
            line.add("?");
        }
        return arguments(line);
    }

    private List<String> arguments(List<String> line) {
        String args = fields.find(Key.ARGS).map(Fields.Found::name).orElse("args");
        List<String> texts = fields.texts(Key.ARGS);
        for (int i = 0; i < texts.size(); i++) {
            add(line, texts.get(i), args + "[" + i + "]");
        }
        return line;
    }

    private void add(List<String> line, String text, String name) {
        if (variables.namesSecret(text)) {
            fields.report()
                    .warning(
                            ConfigProblem.SECRET_IN_ARGUMENTS,
                            fields.path(name),
                            "a variable that looks like a secret, in the command line, which every user of the machine can read",
                            "Pass it by env, if the server can take it there.");
        }
        line.add(resolve(text, name));
    }

    private Map<String, String> environment() {
        String key = fields.find(Key.ENV).map(Fields.Found::name).orElse("env");
        Map<String, String> environment = new LinkedHashMap<>();
        fields.map(Key.ENV).forEach((name, value) -> {
            if (name.isEmpty() || name.contains("=") || name.indexOf(0) >= 0) {
                fields.report()
                        .error(
                                fields.path(key + "." + name),
                                "not a name of a variable (expected: no '=' and no NUL)",
                                "Correct the name.");
            }
            environment.put(name, resolve(value, key + "." + name));
        });
        return environment;
    }

    private Optional<Wire> http(String type) {
        boolean sse = type.equals("sse") || type.equals("http+sse");
        if (!sse && !List.of("http", "streamablehttp", "remote", "https").contains(type)) {
            return refuseType("http, sse or websocket, because there is a url");
        }
        warnOfProcessKeys();
        Map<String, String> headers = headers();
        return url(Set.of("http", "https")).map(url -> new Wire.Http(url, headers, sse));
    }

    private void warnOfProcessKeys() {
        warnOfKeys(
                List.of(Key.ARGS, Key.ENV, Key.CWD, Key.USER, Key.CONTAINMENT, Key.CGROUP, Key.CONTAINER, Key.SURVIVE),
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

    private Optional<URI> url(Set<String> schemes) {
        String name = fields.find(Key.URL).map(Fields.Found::name).orElse("url");
        Optional<String> text = fields.text(Key.URL).map(raw -> resolve(raw, name));
        if (text.isEmpty() || fields.report().hasErrors()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.get());
            boolean fits =
                    url.getScheme() != null && schemes.contains(url.getScheme().toLowerCase(Locale.ROOT));
            if (fits && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // Reported below, without the value: a URL may carry a key in its query.
        }
        fields.report()
                .error(
                        fields.path(name),
                        "not a usable URL (expected: " + String.join(" or ", new TreeSet<>(schemes))
                                + "://host/path, without user and fragment)",
                        "Correct the URL; credentials go into headers.");
        return Optional.empty();
    }

    private Map<String, String> headers() {
        String key = fields.find(Key.HEADERS).map(Fields.Found::name).orElse("headers");
        Map<String, String> headers = new LinkedHashMap<>();
        fields.map(Key.HEADERS).forEach((name, value) -> {
            String path = key + "." + name;
            String resolved = resolve(value, path);
            if (HEADERS_OF_OTHERS.contains(name.toLowerCase(Locale.ROOT))) {
                fields.report()
                        .error(
                                fields.path(path),
                                "a header that the connection itself needs (expected: another one)",
                                "Remove it.");
            }
            if (!HEADER_NAME.matcher(name).matches()
                    || resolved.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f)) {
                fields.report()
                        .error(
                                fields.path(path),
                                "not an HTTP header (expected: a token, and a value without control characters)",
                                "Correct name and value.");
            }
            headers.put(name, resolved);
        });
        return headers;
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

    private String path(Key key, String text) {
        String name = fields.find(key).map(Fields.Found::name).orElse(key.text());
        String resolved = key == Key.COMMAND ? text : resolve(text, name);
        if (resolved.isEmpty()) {
            return "";
        }
        return place.absolute(resolved).orElseGet(() -> {
            fields.report()
                    .error(
                            fields.path(name),
                            "\"" + Report.shown(text) + "\" is a relative path (expected: an absolute path, or ~/...)",
                            "Write the whole path.");
            return "";
        });
    }

    private String resolve(String text, String name) {
        String resolved = variables.resolve(text, fields.path(name), fields.report());
        if (resolved.indexOf(0) >= 0) {
            fields.report().error(fields.path(name), "contains a NUL character (expected: none)", "Remove it.");
        }
        return resolved;
    }
}
