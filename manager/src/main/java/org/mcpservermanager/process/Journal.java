package org.mcpservermanager.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Which children live, on disk, for the next start of the manager. Written to the system at every spawn but not forced to the
 * disk: what a crash of the machine could lose, the same crash has ended. A full disk does not stop supervision; then the next
 * start recognizes children by their marker alone.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Journal.class.getName());
    private static final int DEAD_LINES_MAX = 256;
    private static final String HEADER = "mcp-children 1 ";
    private static final int SURVIVAL_FIELDS = 6;
    private static final Set<Integer> ENTRY_FIELDS = Set.of(4, SURVIVAL_FIELDS, SURVIVAL_FIELDS + 1);

    /**
     * A leader that was alive when it was written.
     *
     * @param runtime of one that outlives the manager: the program that runs its container; empty: it is in none
     */
    record Entry(long pid, long start, Marker marker, Survival survival, String runtime) {
        Entry(long pid, long start, Marker marker, Survival survival) {
            this(pid, start, marker, survival, "");
        }

        /** Of a process that ends with the manager. */
        Entry(long pid, long start, Marker marker) {
            this(pid, start, marker, Survival.NONE);
        }

        boolean isContained() {
            return !runtime.isEmpty();
        }

        /** An end was ordered: it is not to be taken over any more. */
        Entry doomed() {
            return new Entry(pid, start, marker);
        }

        private String line() {
            String later = survival.isWanted() ? " " + survival.port() + " " + survival.digest() : "";
            String container = survival.isWanted() && isContained() ? " " + URLEncoder.encode(runtime, UTF_8) : "";
            return "+ " + pid + " " + start + " " + marker + later + container + "\n";
        }
    }

    private final Path file;
    private final String boot;
    private final List<Entry> leftovers;
    /** All below are guarded by this; the lock is held while writing, as the order of lines is the point of the file. */
    private final Map<Long, Entry> live = new LinkedHashMap<>();

    private FileChannel channel;
    private int deadLines;
    private boolean failing;

    private Journal(Path file, String boot, List<Entry> leftovers) throws IOException {
        this.file = file;
        this.boot = boot;
        this.leftovers = leftovers;
        leftovers.forEach(entry -> live.put(entry.pid(), entry));
        channel = rewrite();
    }

    /** Entries of an earlier boot of the machine are dropped: their processes are gone. */
    static Journal open(Path directory, String boot) throws IOException {
        Path file = directory.resolve("children.journal");
        return new Journal(file, boot, Files.exists(file) ? read(file, boot) : List.of());
    }

    private static List<Entry> read(Path file, String boot) throws IOException {
        Map<Long, Entry> entries = new LinkedHashMap<>();
        List<String> lines =
                Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEADER + boot)) {
            return List.of();
        }
        for (String line : lines) {
            String[] fields = line.split(" ");
            if (ENTRY_FIELDS.contains(fields.length) && fields[0].equals("+")) {
                parse(fields).ifPresent(entry -> entries.put(entry.pid(), entry));
            } else if (fields.length == 2 && fields[0].equals("-") && fields[1].matches("\\d{1,18}")) {
                entries.remove(Long.parseLong(fields[1]));
            }
        }
        return List.copyOf(entries.values());
    }

    /** Empty for a line that was torn. */
    private static Optional<Entry> parse(String[] fields) {
        if (!fields[1].matches("\\d{1,18}") || !fields[2].matches("-?\\d{1,18}")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(fields[1]);
        long start = Long.parseLong(fields[2]);
        Optional<String> runtime = runtime(fields);
        Survival survival = runtime.isPresent() ? survival(fields) : Survival.NONE;
        return Marker.parse(fields[3]).map(marker -> new Entry(pid, start, marker, survival, runtime.orElse("")));
    }

    /** A line that was torn here belongs to a process that is not taken over. */
    private static Survival survival(String[] fields) {
        return fields.length >= SURVIVAL_FIELDS
                        && fields[4].matches("[1-9]\\d{0,4}")
                        && fields[5].matches("[0-9a-f]{64}")
                ? new Survival(Integer.parseInt(fields[4]), fields[5])
                : Survival.NONE;
    }

    /** As {@link #survival}: empty when the line was torn here. */
    private static Optional<String> runtime(String[] fields) {
        if (fields.length <= SURVIVAL_FIELDS) {
            return Optional.of("");
        }
        try {
            return Optional.of(URLDecoder.decode(fields[SURVIVAL_FIELDS], UTF_8));
        } catch (IllegalArgumentException torn) {
            return Optional.empty();
        }
    }

    /** What the last run left behind when it ended. */
    List<Entry> leftovers() {
        return leftovers;
    }

    synchronized void add(Entry entry) {
        live.put(entry.pid(), entry);
        append(entry.line());
    }

    synchronized void remove(Entry entry) {
        Entry current = live.get(entry.pid());
        if (current != null && current.marker().equals(entry.marker())) {
            live.remove(entry.pid());
            deadLines += 2;
            append("- " + entry.pid() + "\n");
        }
    }

    private void append(String line) {
        try {
            if (deadLines > DEAD_LINES_MAX || failing) {
                channel.close();
                channel = rewrite();
                deadLines = 0;
            } else {
                write(channel, line);
            }
            failing = false;
        } catch (IOException failure) {
            if (!failing) {
                LOG.log(
                        Level.WARNING,
                        file + " cannot be written; the next start finds children by their marker alone",
                        failure);
            }
            failing = true;
        }
    }

    private FileChannel rewrite() throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(
                draft,
                HEADER + boot + "\n" + live.values().stream().map(Entry::line).collect(Collectors.joining()));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return FileChannel.open(file, StandardOpenOption.APPEND);
    }

    private static void write(FileChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            LOG.log(Level.FINE, file + " could not be closed", failure);
        }
    }
}
