package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Usage;

/**
 * Starts servers as processes and answers for their trees. On Linux every server is enclosed in what its spec asks for, and a
 * guardian ends all of them should this JVM be killed; elsewhere {@link #containment} says what is left of that.
 */
public final class PosixLauncher implements Launcher, Meter, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PosixLauncher.class.getName());
    private static final Duration CLOSE_TERM = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final String OUTPUT = "output";
    private static final ProcessBuilder.Redirect NOWHERE_FROM = ProcessBuilder.Redirect.from(new File("/dev/null"));
    private final ManagerId manager;
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
            + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
    private final AtomicLong launches = new AtomicLong();
    private final ProcessTable table = ProcessTable.ofThisMachine();
    private final Descriptors descriptors = new Descriptors();
    private final HardLimits hardLimits = HardLimits.ofThisMachine();
    private final Spawner spawner;
    private final Birthmark birthmark = Birthmark.ofThisMachine();
    private final Grouping grouping;
    private final Holdings holdings;
    private final Journal journal;
    private final Guardian guardian;
    private final TreeKeeper keeper;
    private final Outlets outlets;
    private final Adoption adoption;
    private final Leftovers leftovers;
    private final Sampler sampler;
    /** Living children, each with what completes after it was crossed off everywhere. */
    private final Map<SpawnedChild, CompletableFuture<Void>> children = new ConcurrentHashMap<>();

    /** Launches under way, and one for the launcher itself. */
    private final Phaser launching = new Phaser(1);

    private final AtomicBoolean closed = new AtomicBoolean();

    private PosixLauncher(StateLock lock) throws IOException {
        ShortSlices.ask();
        manager = ManagerId.of(lock);
        journal = Journal.open(lock.directory(), table.boot());
        table.recall(journal.leftovers());
        grouping = Grouping.ofThisMachine(table);
        spawner = new Spawner(grouping.prefix());
        holdings = new Holdings(table, grouping, spawner, manager, run, Traces.open(lock.directory()));
        guardian = new Guardian(grouping.prefix(), Marker.VARIABLE + "=" + manager + ":[^:]*:[0-9]*:" + run + "\\.");
        keeper = new TreeKeeper(table, new Signals(table, guardian));
        Survivors survivors = Survivors.among(journal.leftovers(), table, holdings::holds);
        outlets = new Outlets(lock.directory().resolve(OUTPUT));
        outlets.keepOnly(survivors::owns);
        adoption = new Adoption(survivors, this::adopt);
        leftovers = reapOrClose(survivors);
        sampler = new Sampler(table, keeper);
    }

    private Leftovers reapOrClose(Survivors survivors) {
        boolean reaped = false;
        try {
            Leftovers found = new Reaper(table, keeper, journal, holdings.remains(survivors), survivors, manager, run)
                    .reapLeftovers();
            reaped = true;
            return found;
        } finally {
            if (!reaped) {
                close();
            }
        }
    }

    /**
     * Ends what an earlier run of this manager left alive, then is ready.
     *
     * @param lock stays the caller's, who closes it after the launcher
     */
    public static PosixLauncher open(StateLock lock) throws IOException {
        return new PosixLauncher(lock);
    }

    /** What was found, and ended, when this launcher opened. */
    public Leftovers leftovers() {
        return leftovers;
    }

    /** What holds the trees of those servers together here that ask for nothing: "cgroup", "group", "descendants", "none". */
    public String containment() {
        return holdings.standard();
    }

    public ManagerId manager() {
        return manager;
    }

    /** The guardian's pid; 0 when there is none. */
    public long guardianPid() {
        return guardian.pid();
    }

    @Override
    public Map<Child, Usage> read() {
        crossOffLeftovers();
        Map<Kept, SpawnedChild> living = new HashMap<>();
        children.keySet().forEach(child -> living.put(child.kept(), child));
        Map<Child, Usage> usages = new HashMap<>();
        sampler.sample(living.keySet()).forEach((kept, usage) -> usages.put(living.get(kept), usage));
        return usages;
    }

    /** What survived its end at the start of this run may have gone since. */
    private void crossOffLeftovers() {
        journal.leftovers().stream()
                .filter(entry -> table.look(entry.pid())
                        .filter(seen -> seen.start() == entry.start())
                        .isEmpty())
                .forEach(journal::remove);
    }

    @Override
    public Child launch(Launch launch) {
        launching.register();
        try {
            requireOpen(launch);
            adoption.endBefore(launch);
            return launchOpen(launch);
        } finally {
            launching.arriveAndDeregister();
        }
    }

    private Child launchOpen(Launch asked) {
        descriptors.requireRoom(asked);
        RunAs as = RunAs.of(asked);
        Launch launch = as.launch();
        // the guardian ends whatever carries this run in its marker
        String life = launch.survival().isWanted() ? Marker.outliving(run) : run;
        Marker marker = new Marker(
                manager.toString(), launch.server().value(), launch.generation(), life, launches.incrementAndGet());
        Enclosure enclosure = holdings.enclose(launch, marker);
        if (!launch.survival().isWanted()) {
            entrust(enclosure, marker.sequence());
        }
        long since = table.now();
        int mark = birthmark.ofLaunch(marker.sequence());
        Process process = spawn(as, enclosure, marker, mark);
        Seen leader = table.look(process.pid()).orElse(new Seen(process.pid(), 0, 0, -1, false));
        Journal.Entry entry = new Journal.Entry(
                leader.pid(),
                leader.start(),
                marker,
                launch.survival(),
                enclosure.runtime().orElse(""));
        SpawnedChild child = new SpawnedChild(
                launch.survival().isWanted() ? Leader.of(process, outlets, marker) : Leader.of(process),
                Tree.of(marker, leader, enclosure.isGroup(), since),
                enclosure,
                mark,
                keeper,
                running -> doom(running, entry, enclosure, marker.sequence()));
        register(child, entry, enclosure, marker.sequence());
        return child;
    }

    private void entrust(Enclosure enclosure, long number) {
        enclosure.will().ifPresent(will -> guardian.entrust(number, will));
    }

    /** From now on it shall not live longer than this JVM, nor be taken over by the next. */
    private void doom(Child child, Journal.Entry entry, Enclosure enclosure, long number) {
        if (entry.survival().isWanted()) {
            guardian.watch(entry.pid(), entry.start());
            entrust(enclosure, number);
            journal.add(entry.doomed());
            if (child.treeEmpty().isDone()) {
                crossOff(entry); // again: it was when the last of it went
                release(enclosure, number);
            }
        }
    }

    private void crossOff(Journal.Entry entry) {
        journal.remove(entry);
        guardian.forget(entry.pid());
    }

    @Override
    public Optional<Survival> survivor(ServerId server) {
        return adoption.look(server);
    }

    @Override
    public Optional<Child> adopt(ServerId server) {
        return adoption.adopt(server);
    }

    private Child adopt(Journal.Entry entry) {
        Seen leader = new Seen(entry.pid(), 0, entry.pid(), entry.start(), false);
        Enclosure enclosure = holdings.around(entry);
        long number = launches.incrementAndGet(); // its own is one of another run
        SpawnedChild child = new SpawnedChild(
                Leader.of(leader, keeper, outlets, entry.marker()),
                Tree.of(entry.marker(), leader, true, entry.start()),
                enclosure,
                Birthmark.NONE,
                keeper,
                running -> doom(running, entry, enclosure, number));
        register(child, entry, enclosure, number);
        return child;
    }

    /** There is never a second process of a server, nor one of a server that is not there any more. */
    public void endSurvivors() {
        adoption.endAll();
    }

    private void requireOpen(Launch launch) {
        if (closed.get()) {
            throw SpawnFailure.refuse(
                    Problem.INTERNAL,
                    "The launcher is closed, server '" + launch.server() + "'.",
                    "The manager is stopping.",
                    true);
        }
    }

    private Process spawn(RunAs as, Enclosure enclosure, Marker marker, int mark) {
        Launch launch = as.launch();
        Launch held = enclosure.limitsItself() ? launch.heldTo(Rlimits.NONE) : launch;
        ProcessBuilder builder = new ProcessBuilder(hardLimits.before(held, enclosure.command()))
                .directory(enclosure.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(enclosure.environment());
        builder.environment().put(Marker.VARIABLE, marker.value());
        if (launch.survival().isWanted()) {
            builder.redirectInput(NOWHERE_FROM);
            outlets.redirect(builder, marker);
        }
        try {
            return spawner.start(builder, enclosure.birthplaces(), pid -> {
                birthmark.put(pid, mark);
                as.takePipes(pid);
            });
        } catch (IOException failure) {
            enclosure.remove();
            release(enclosure, marker.sequence());
            if (launch.survival().isWanted()) {
                outlets.remove(marker);
            }
            throw SpawnFailure.of(launch, failure);
        } catch (OutOfMemoryError failure) {
            // The process may be there although the JDK could not make the thread that waits for it.
            sweep(marker, enclosure);
            throw SpawnFailure.of(launch, failure);
        }
    }

    /** Returns when the guardian knows of it, unless it shall outlive this JVM. */
    private void register(SpawnedChild child, Journal.Entry entry, Enclosure enclosure, long number) {
        CompletableFuture<Void> told = enclosure.isGroup() && !entry.survival().isWanted()
                ? guardian.watch(entry.pid(), entry.start())
                : CompletableFuture.completedFuture(null);
        journal.add(entry);
        children.put(child, child.treeEmpty().thenRun(() -> {
            crossOff(entry);
            if (entry.survival().isWanted()) {
                outlets.remove(entry.marker());
            }
            release(enclosure, number);
            children.remove(child);
        }));
        child.begin();
        guardian.awaitTold(told);
    }

    private void release(Enclosure enclosure, long number) {
        enclosure.will().ifPresent(will -> guardian.release(number));
    }

    private void sweep(Marker marker, Enclosure enclosure) {
        Kept lost =
                new Kept(Tree.marked(marker.value()::equals), new Ladder(Duration.ZERO), enclosure, new Kept.Owner() {
                    @Override
                    public void endInput() {
                        // Nobody holds its input.
                    }

                    @Override
                    public void onStuck() {
                        LOG.warning("a process of launch " + marker + " cannot be ended");
                    }

                    @Override
                    public void onEmpty() {
                        release(enclosure, marker.sequence());
                        LOG.fine("nothing of launch " + marker + " is left");
                    }
                });
        keeper.keep(lost);
        keeper.leaderGone(lost);
    }

    /**
     * Stops every child that is left, within seconds, and ends all threads and the guardian. A tree that cannot be emptied is
     * handed to the guardian and stays in the journal for the next start.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            launching.awaitAdvanceInterruptibly(launching.arrive(), CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            children.keySet().forEach(child -> child.stop(Duration.ZERO, CLOSE_TERM));
            CompletableFuture<?>[] pending = children.values().toArray(new CompletableFuture<?>[0]);
            CompletableFuture.allOf(pending).get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warning(() ->
                    "not done within " + CLOSE_LIMIT.toSeconds() + " s, left to the guardian: " + children.keySet());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            LOG.log(Level.WARNING, "a child could not be crossed off", failed.getCause());
        }
        spawner.close();
        keeper.close();
        guardian.close();
        journal.close();
        holdings.close();
    }
}
