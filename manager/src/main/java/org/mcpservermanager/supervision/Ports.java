package org.mcpservermanager.supervision;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** The ports that processes of ours listen on: each is given once until it is returned, and only when nobody listens there. */
public final class Ports {
    public static final int FIRST_DEFAULT = 8100;
    public static final int LAST_DEFAULT = 8200;
    /** Ports that web clients refuse to connect to (the list "bad ports" of the WHATWG Fetch standard), from 1024 on. */
    private static final Set<Integer> BAD = Set.of(
            1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
            10080);

    private final int first;
    private final int last;
    private final Set<Integer> given = new HashSet<>(); // guarded by given
    private int next; // guarded by given

    public Ports(int first, int last) {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException(
                    "ports: " + first + "-" + last + " (expected: FIRST-LAST, both from 1 to 65535)");
        }
        this.first = first;
        this.last = last;
        this.next = first;
    }

    public static Ports standard() {
        return new Ports(FIRST_DEFAULT, LAST_DEFAULT);
    }

    /** "8100-8200". */
    public static Ports parse(String range) {
        String[] ends = range.strip().split("-", -1);
        try {
            if (ends.length == 2) {
                return new Ports(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
            }
        } catch (NumberFormatException notANumber) {
            // told below, like a range without an end
        }
        throw new IllegalArgumentException("ports: \"" + range + "\" (expected: FIRST-LAST, as 8100-8200)");
    }

    /**
     * Blocks for the moment that it takes to try a port.
     *
     * @param wanted 0: any of the range
     */
    int take(ServerId server, int wanted) {
        if (wanted > 0) {
            if (reserve(wanted) && tried(wanted)) {
                return wanted;
            }
            throw new ProblemException(new Problem(
                    Problem.PORT_TAKEN,
                    "port " + wanted + " of server \"" + server + "\" is in use",
                    "End the program that listens there, give another \"port\", or none to have one chosen."));
        }
        for (int tries = last - first; tries >= 0; tries--) {
            int port = following();
            if (!BAD.contains(port) && reserve(port) && tried(port)) {
                return port;
            }
        }
        throw new ProblemException(new Problem(
                Problem.PORTS_EXHAUSTED,
                "no port from " + first + " to " + last + " is free for server \"" + server + "\"",
                "Stop a server that has one, or raise mcp.manager.ports."));
    }

    /** For a process that listens there already. */
    void keep(int port) {
        reserve(port);
    }

    void give(int port) {
        synchronized (given) {
            given.remove(port);
        }
    }

    /** One after the other, so that a port that was just given up rests for a while. */
    private int following() {
        synchronized (given) {
            int port = next;
            next = port == last ? first : port + 1;
            return port;
        }
    }

    private boolean reserve(int port) {
        synchronized (given) {
            return given.add(port);
        }
    }

    private boolean tried(int port) {
        if (isFree(new InetSocketAddress(port))
                && isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return true;
        }
        give(port);
        return false;
    }

    private static boolean isFree(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
