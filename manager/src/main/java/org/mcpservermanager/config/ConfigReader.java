package org.mcpservermanager.config;

import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartOrder;

/** Reads servers from files of every shape that is around, and from single entries. One bad entry never stops the rest. */
public final class ConfigReader {
    private final Variables variables;
    private final Path home;

    /**
     * @param variables what {@code ${NAME}} is replaced by, usually the environment of the manager
     * @param home what {@code ~} stands for
     */
    public ConfigReader(Map<String, String> variables, Path home) {
        this.variables = Variables.of(variables);
        this.home = home;
    }

    /** Never throws for what is in the file, nor for a file that is not there: that is a problem in the result. */
    public Loaded read(Path file) {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
        if (!Files.isRegularFile(file)) {
            boolean exists = Files.exists(file);
            return failed(
                    file.toString(),
                    ConfigProblem.CONFIGURATION_NOT_FOUND,
                    exists ? "is not a regular file" : "does not exist",
                    "Create it, or correct the path.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(JsonText.BYTES_MAX + 1), file.toString(), directory);
        } catch (IOException e) {
            return failed(
                    file.toString(),
                    ConfigProblem.CONFIGURATION_NOT_READABLE,
                    "cannot be read: " + e.getClass().getSimpleName(),
                    "Let the user of the manager read it.");
        }
    }

    /**
     * Reads the content of a file: comments and trailing commas are welcome.
     *
     * @param file for messages
     * @param directory what relative paths start from
     */
    public Loaded read(byte[] content, String file, Path directory) {
        try {
            return read(JsonText.read(content, true), file, directory);
        } catch (JsonText.Malformed e) {
            return failed(
                    file, Problem.INVALID_CONFIGURATION, e.getMessage(), "Correct the file; nothing of it was taken.");
        }
    }

    /**
     * Reads one entry, as it comes by the API: variables are replaced, relative paths are refused.
     *
     * @param source where it was defined, for people
     * @throws ProblemException invalid_configuration (or the one problem there is), naming everything that is wrong
     */
    public ServerSpec entry(ServerId id, JsonObject entry, String source) {
        return entry(id, entry, source, variables, home);
    }

    static ServerSpec entry(ServerId id, JsonObject entry, String source, Variables variables, Path home) {
        Report report = new Report(source);
        Optional<ServerSpec> spec =
                new EntryReader("", entry, report, variables, Place.nowhere(home)).read(id, id.value(), source);
        return spec.orElseThrow(() -> new ProblemException(summary(report)));
    }

    private static Problem summary(Report report) {
        List<Problem> problems = report.problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::problem)
                .toList();
        if (problems.size() == 1) {
            return problems.get(0);
        }
        return new Problem(
                Problem.INVALID_CONFIGURATION,
                problems.stream().map(Problem::message).collect(Collectors.joining("; ")),
                problems.stream().map(Problem::remedy).distinct().collect(Collectors.joining(" ")));
    }

    private Loaded read(JsonStructure root, String file, Path directory) {
        Report whole = new Report(file);
        Map<ServerId, ServerSpec> specs = new LinkedHashMap<>();
        Map<ServerId, Entry> taken = new LinkedHashMap<>();
        Set<ServerId> refused = new LinkedHashSet<>();
        List<Entry> entries = Entry.of(root, whole);
        List<ConfigProblem> problems = new ArrayList<>(whole.problems());
        for (Entry entry : entries) {
            Report report = new Report(file);
            Optional<ServerId> id = identify(entry, taken, report);
            Optional<ServerSpec> spec =
                    id.flatMap(known -> read(entry, known, report, Place.in(home, directory), file));
            problems.addAll(report.problems());
            spec.ifPresent(read -> specs.put(read.id(), read));
            id.filter(known -> spec.isEmpty()).ifPresent(refused::add);
        }
        refuseCycles(specs, taken, refused).forEach((path, problem) -> {
            Report report = new Report(file);
            report.add(ConfigProblem.Severity.ERROR, problem.code(), path, problem.message(), problem.remedy());
            problems.addAll(report.problems());
        });
        GroupsReader groups = new GroupsReader(file);
        List<Group> read = groups.read(root);
        problems.addAll(groups.problems());
        return new Loaded(List.copyOf(specs.values()), read, problems, refused);
    }

    private static Map<String, Problem> refuseCycles(
            Map<ServerId, ServerSpec> specs, Map<ServerId, Entry> entries, Set<ServerId> refused) {
        Map<String, Problem> problems = new LinkedHashMap<>();
        for (Optional<List<ServerId>> cycle = StartOrder.cycle(specs.values());
                cycle.isPresent();
                cycle = StartOrder.cycle(specs.values())) {
            problems.put(entries.get(cycle.get().get(0)).path(), StartOrder.problem(cycle.get()));
            specs.keySet().removeAll(cycle.get());
            refused.addAll(cycle.get());
        }
        return problems;
    }

    /** Empty when the entry is no object, gives no id, or gives one that another entry has. */
    private static Optional<ServerId> identify(Entry entry, Map<ServerId, Entry> taken, Report report) {
        if (!(entry.value() instanceof JsonObject)) {
            report.error(entry.path(), "not an object (expected: a server)", "Correct the entry.");
            return Optional.empty();
        }
        Optional<ServerId> id = Slug.of(entry.label());
        if (id.isEmpty()) {
            report.error(
                    entry.path(),
                    "\"" + Report.shown(entry.label())
                            + "\" gives no id (expected: a name with a letter a-z or a digit)",
                    "Give the entry an \"id\".");
            return Optional.empty();
        }
        Entry earlier = taken.putIfAbsent(id.get(), entry);
        if (earlier != null) {
            report.add(
                    ConfigProblem.Severity.ERROR,
                    Problem.SERVER_ALREADY_EXISTS,
                    entry.path(),
                    "gives the id \"" + id.get() + "\", which " + Report.shown(earlier.path()) + " has already",
                    "Rename one of the two, or give it an \"id\".");
            return Optional.empty();
        }
        return id;
    }

    private Optional<ServerSpec> read(Entry entry, ServerId id, Report report, Place place, String file) {
        EntryReader reader = new EntryReader(entry.path(), (JsonObject) entry.value(), report, variables, place);
        return reader.read(id, entry.shownName(), file + " " + entry.path());
    }

    private static Loaded failed(String file, String code, String what, String remedy) {
        Report report = new Report(file);
        report.add(ConfigProblem.Severity.ERROR, code, "", what, remedy);
        return new Loaded(List.of(), report.problems(), Set.of());
    }
}
