package org.mcpservermanager.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.config.Loaded;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Fleet;

/** Keeps the fleet as the configuration file says, as far as it is the file that says it. */
final class ConfigFile implements Configuration, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ConfigFile.class.getName());
    /** A file that was written to within this time may not be complete. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** What shows from outside that a file is another one. */
    private record Print(FileTime modified, long size, Object key) {
        private static final Print NONE = new Print(FileTime.fromMillis(0), -1, "");
    }

    private final Optional<Path> file;
    private final ConfigReader reader;
    private final FileServers servers;
    private final Consumer<List<Group>> groups;
    private final Events events;
    private final Clock clock;
    private final Set<ServerId> alerted = new HashSet<>(); // guarded by this
    private Print seen = Print.NONE; // guarded by this
    private volatile List<ConfigProblem> problems = List.of(); // written only by this
    private volatile Future<?> watch;

    /** @param groups told those of the file whenever it was read again and all of them are right */
    ConfigFile(
            Optional<Path> file,
            ConfigReader reader,
            Fleet fleet,
            Consumer<List<Group>> groups,
            Events events,
            Clock clock) {
        this.file = file;
        this.reader = reader;
        this.servers = new FileServers(fleet);
        this.groups = groups;
        this.events = events;
        this.clock = clock;
    }

    /** What it says at the start of the manager, who starts the servers with all others. */
    synchronized Loaded first() {
        if (file.isEmpty()) {
            return new Loaded(List.of(), List.of(), Set.of());
        }
        seen = print();
        Loaded loaded = reader.read(file.get());
        servers.began(loaded.specs());
        tell(loaded.problems());
        return loaded;
    }

    /** Zero: never looks by itself. */
    void watch(ScheduledExecutorService timer, Executor executor, Duration every) {
        if (file.isPresent() && !every.isZero()) {
            long millis = every.toMillis();
            watch = timer.scheduleWithFixedDelay(
                    () -> executor.execute(this::look), millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** For one look of the watch. */
    void look() {
        synchronized (this) {
            Print now = print();
            Duration age = Duration.between(now.modified().toInstant(), clock.instant());
            boolean isFresh = !age.isNegative() && age.compareTo(SETTLED) < 0;
            if (now.equals(seen) || isFresh) {
                return;
            }
        }
        try {
            reload();
        } catch (RuntimeException failure) {
            LOG.log(Level.SEVERE, "reading the configuration again failed; the servers go on as they are", failure);
        }
    }

    private Print print() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.orElseThrow(), BasicFileAttributes.class);
            return new Print(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException notThere) {
            return Print.NONE;
        }
    }

    @Override
    public Optional<String> file() {
        return file.map(Path::toString);
    }

    @Override
    public List<ConfigProblem> problems() {
        return problems;
    }

    @Override
    public synchronized Outcome reload() {
        if (file.isEmpty()) {
            return Configuration.NONE.reload();
        }
        seen = print();
        Loaded loaded = reader.read(file.get());
        if (loaded.isUnreadable()) {
            tell(loaded.problems());
            return new Outcome(false, List.of(), List.of(), List.of(), List.of());
        }
        List<ConfigProblem> all = new ArrayList<>(loaded.problems());
        Outcome outcome = servers.become(loaded, file.get().toString(), all::add);
        if (loaded.problems().stream().noneMatch(ConfigFile::isOfGroups)) {
            groups.accept(loaded.groups());
        }
        tell(all);
        alert(outcome.kept());
        LOG.info(() -> "configuration " + file.get() + " was read: added " + outcome.added() + ", changed "
                + outcome.changed() + ", removed " + outcome.removed() + ", kept as they were " + outcome.kept());
        return outcome;
    }

    private static boolean isOfGroups(ConfigProblem problem) {
        return problem.isError() && problem.key().startsWith("groups");
    }

    private void tell(List<ConfigProblem> found) {
        found.stream()
                .filter(problem -> !problems.contains(problem))
                .forEach(problem -> LOG.log(problem.isError() ? Level.SEVERE : Level.WARNING, problem.toString()));
        problems = List.copyOf(found);
    }

    private void alert(List<ServerId> kept) {
        Map<ServerId, Boolean> changes = new HashMap<>();
        kept.stream().filter(alerted::add).forEach(id -> changes.put(id, false));
        Set<ServerId> corrected = new HashSet<>(alerted);
        kept.forEach(corrected::remove);
        corrected.stream().filter(alerted::remove).forEach(id -> changes.put(id, true));
        changes.forEach((id, over) -> events.publish(new Event.Alert(id, wrong(id), over, clock.instant())));
    }

    private static Problem wrong(ServerId id) {
        return new Problem(
                Problem.INVALID_CONFIGURATION,
                "the entry of server '" + id + "' in the configuration file is wrong; the one before counts",
                "GET /api/mcp/problems says what is wrong with it.");
    }

    @Override
    public void close() {
        Future<?> watching = watch;
        if (watching != null) {
            watching.cancel(false);
        }
    }
}
