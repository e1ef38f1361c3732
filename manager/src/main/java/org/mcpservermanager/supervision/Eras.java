package org.mcpservermanager.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;

/** What servers were found to speak, by how they are reached; asked once, as asking a process may cost a start of its own. */
public final class Eras {
    static final int KNOWN_MAX = 1024;
    private static final System.Logger LOG = System.getLogger(Eras.class.getName());
    private static final String NO_FILE = "";

    private final Path file;
    private final Map<String, Era> known = new LinkedHashMap<>(); // guarded by this
    private final Map<String, Boolean> doubted = new LinkedHashMap<>(); // guarded by this

    private Eras(Path file) {
        this.file = file;
    }

    /** Forgotten with the process. */
    public static Eras inMemory() {
        return new Eras(Path.of(NO_FILE));
    }

    /** Kept in a file, so that a restart of the manager need not ask again; a file that cannot be read is as none. */
    public static Eras in(Path file) {
        Eras eras = new Eras(file);
        if (Files.exists(file)) {
            try {
                Files.readAllLines(file).forEach(eras::read);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "what servers speak is asked anew: cannot read " + file, e);
            }
        }
        return eras;
    }

    private void read(String line) {
        String[] words = line.split(" ", 2);
        for (Era era : Era.values()) {
            if (words.length == 2 && era.name().equals(words[1]) && known.size() < KNOWN_MAX) {
                known.put(words[0], era);
            }
        }
    }

    /** As configured, or as found before. */
    Optional<Era> of(ServerSpec spec) {
        return switch (spec.spoken().era()) {
            case LEGACY -> Optional.of(Era.LEGACY);
            case MODERN -> Optional.of(Era.MODERN);
            case AUTO -> {
                synchronized (this) {
                    yield Optional.ofNullable(known.get(key(spec)));
                }
            }
        };
    }

    void learned(ServerSpec spec, Era era) {
        if (spec.spoken().era() != Spoken.Choice.AUTO) {
            return;
        }
        List<String> lines;
        synchronized (this) {
            if (known.put(key(spec), era) == era) {
                return;
            }
            bound(known);
            lines = lines();
        }
        write(lines);
    }

    /** What was found did not work: asked again, and with more patience. */
    void doubt(ServerSpec spec) {
        List<String> lines;
        synchronized (this) {
            if (known.remove(key(spec)) == null) {
                return;
            }
            doubted.put(key(spec), true);
            bound(doubted);
            lines = lines();
        }
        write(lines);
    }

    synchronized boolean isDoubted(ServerSpec spec) {
        return doubted.containsKey(key(spec));
    }

    private static void bound(Map<String, ?> map) {
        if (map.size() > KNOWN_MAX) {
            map.remove(map.keySet().iterator().next());
        }
    }

    private List<String> lines() {
        return known.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList();
    }

    /** One at a time is not needed: a line that is lost is asked for again. */
    private void write(List<String> lines) {
        if (file.toString().equals(NO_FILE)) {
            return;
        }
        try {
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".new");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what servers speak is asked again after a restart: " + file, e);
        }
    }

    private static String key(ServerSpec spec) {
        StringBuilder text = new StringBuilder().append(spec.containment());
        if (spec.wire() instanceof Wire.Stdio stdio) {
            quoted(text, stdio.command());
            stdio.args().forEach(arg -> quoted(text, arg));
            quoted(text, stdio.directory());
            new TreeMap<>(stdio.environment()).forEach((name, value) -> quoted(text, name + "=" + value));
        } else if (spec.wire() instanceof Wire.Custom custom) {
            quoted(text, "bean " + custom.bean());
            new TreeMap<>(custom.environment()).forEach((name, value) -> quoted(text, name + "=" + value));
        } else if (spec.wire() instanceof Wire.Http http) {
            quoted(text, http.url().toString());
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void quoted(StringBuilder text, String part) {
        text.append(' ').append(part.length()).append(':').append(part);
    }
}
