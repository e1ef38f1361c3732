package org.mcpservermanager.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.Wire;

/** Reads what a process is started with: command line, environment, directory. */
final class CommandReader {
    private final Fields fields;
    private final Variables variables;
    private final Place place;
    private final Resolver resolver;

    CommandReader(Fields fields, Variables variables, Place place) {
        this.fields = fields;
        this.variables = variables;
        this.place = place;
        this.resolver = new Resolver(fields, variables);
    }

    Optional<Wire.Stdio> read() {
        List<String> line = commandLine();
        Map<String, String> environment = environment();
        String directory = directory();
        if (line.isEmpty() || line.get(0).isBlank()) {
            reportEmptyCommand();
            return Optional.empty();
        }
        String program = line.get(0);
        boolean isPath = program.contains("/") || program.startsWith("~");
        return Optional.of(new Wire.Stdio(
                isPath ? path(Key.COMMAND, program) : program, line.subList(1, line.size()), environment, directory));
    }

    /** Of a container: the image's own command runs. */
    Wire.Stdio readWithoutProgram() {
        return new Wire.Stdio("", arguments(new ArrayList<>()), environment(), directory());
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
        line.add(resolver.resolve(text, name));
    }

    private void reportEmptyCommand() {
        if (!fields.report().hasErrors()) {
            fields.report().error(fields.path("command"), "empty (expected: a program)", "Name the program to start.");
        }
    }

    Map<String, String> environment() {
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
            environment.put(name, resolver.resolve(value, key + "." + name));
        });
        return environment;
    }

    private String directory() {
        return fields.text(Key.CWD).map(text -> path(Key.CWD, text)).orElse("");
    }

    private String path(Key key, String text) {
        String name = fields.find(key).map(Fields.Found::name).orElse(key.text());
        String resolved = key == Key.COMMAND ? text : resolver.resolve(text, name);
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
}
