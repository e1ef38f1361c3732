package org.mcpservermanager.server;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What shall hold the processes of a server together; what does hold them is told by the running copy. */
public sealed interface Containment {
    Containment AUTO = Level.AUTO;

    /** The word used in configuration files. */
    String word();

    /** The levels that need no more than their name. */
    enum Level implements Containment {
        /** A control group where this machine lets us make them, else a process group. */
        AUTO,
        /** Nothing is put before the command; its processes are followed by descent and by the marker they inherit. */
        NONE,
        /** A session and process group of its own, and all that NONE follows. */
        GROUP,
        /** A process namespace that ends with its first process; nothing can leave it. */
        PIDNS;

        @Override
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A control group of its own; nothing can leave it but what may write to other groups. */
    record Cgroup(Ceiling ceiling) implements Containment {
        public static final Cgroup UNLIMITED = new Cgroup(Ceiling.NONE);

        public Cgroup {
            Objects.requireNonNull(ceiling, "ceiling");
        }

        @Override
        public String word() {
            return "cgroup";
        }
    }

    /**
     * A container, run by a program such as docker or podman. The server's command and arguments are those inside it; without a
     * command the image's own runs.
     *
     * @param runtime name or path of that program; empty: the first of podman and docker that is there
     * @param image with its tag or digest
     * @param network empty: the runtime's default
     * @param user empty: the image's
     * @param cpus empty: no limit
     * @param options more options of the runtime's {@code run}
     */
    record Container(
            String runtime,
            String image,
            Pull pull,
            List<Mount> mounts,
            String network,
            String user,
            boolean readOnly,
            List<String> droppedCapabilities,
            Ceiling ceiling,
            String cpus,
            List<String> options)
            implements Containment {
        public Container {
            Objects.requireNonNull(runtime, "runtime");
            Objects.requireNonNull(image, "image");
            Objects.requireNonNull(pull, "pull");
            Objects.requireNonNull(network, "network");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(ceiling, "ceiling");
            Objects.requireNonNull(cpus, "cpus");
            mounts = List.copyOf(mounts);
            droppedCapabilities = List.copyOf(droppedCapabilities);
            options = List.copyOf(options);
        }

        /** A container with every default. */
        public static Container of(String runtime, String image) {
            return new Container(
                    runtime, image, Pull.MISSING, List.of(), "", "", false, List.of(), Ceiling.NONE, "", List.of());
        }

        @Override
        public String word() {
            return "container";
        }
    }

    /** When the image is fetched. */
    enum Pull {
        MISSING,
        ALWAYS,
        NEVER;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What of the host is seen inside.
     *
     * @param source an absolute path, or the name of a volume
     */
    record Mount(String source, String target, boolean readOnly) {
        /** Empty when the text is not SOURCE:TARGET, SOURCE:TARGET:ro or SOURCE:TARGET:rw, or could be read in two ways. */
        public static Optional<Mount> parse(String text) {
            String[] parts = text.split(":", -1);
            boolean ambiguous = text.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ');
            if (ambiguous || parts.length < 2 || parts.length > 3) {
                return Optional.empty();
            }
            String mode = parts.length == 3 ? parts[2] : "rw";
            boolean valid = parts[0].matches("/.*|[a-zA-Z0-9][a-zA-Z0-9_.-]*")
                    && parts[1].startsWith("/")
                    && (mode.equals("ro") || mode.equals("rw"));
            return valid ? Optional.of(new Mount(parts[0], parts[1], mode.equals("ro"))) : Optional.empty();
        }

        @Override
        public String toString() {
            return source + ":" + target + (readOnly ? ":ro" : "");
        }
    }

    /**
     * What all processes of a copy together may use at most; the system enforces it.
     *
     * @param memoryBytes 0: no limit
     * @param processes processes and threads; 0: no limit
     */
    record Ceiling(long memoryBytes, int processes) {
        public static final Ceiling NONE = new Ceiling(0, 0);
    }
}
