package org.mcpservermanager.server;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** How MCP reaches a server. */
public sealed interface Wire {
    /** The word used in configuration files and surfaces. */
    String transport();

    /** Whether the manager starts a process for it. */
    boolean launches();

    /**
     * A child process that speaks newline-delimited JSON-RPC on its pipes.
     *
     * @param command a name looked up on PATH, or a path
     * @param args passed as they are, never through a shell
     * @param environment added to the cleaned base environment; values may be secrets
     * @param directory working directory; empty: the server's own directory below the state directory, or the user's home
     * @param user it runs as, USER or USER:GROUP; empty: the manager's
     */
    record Stdio(String command, List<String> args, Map<String, String> environment, String directory, String user)
            implements Wire {
        public Stdio {
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(user, "user");
            args = List.copyOf(args);
            environment = Map.copyOf(environment);
        }

        /** One that runs as the manager does. */
        public Stdio(String command, List<String> args, Map<String, String> environment, String directory) {
            this(command, args, environment, directory, "");
        }

        @Override
        public String transport() {
            return "stdio";
        }

        @Override
        public boolean launches() {
            return true;
        }

        @Override
        public String toString() {
            return "Stdio[" + command + " " + args + ", environment " + environment.keySet() + ", in \"" + directory
                    + "\"" + (user.isEmpty() ? "" : " as " + user) + "]";
        }
    }

    /** A remote server reached by HTTP; {@code legacySse} tells the 2024-11-05 HTTP+SSE transport. Header values may be secrets. */
    record Http(URI url, Map<String, String> headers, boolean legacySse) implements Wire {
        public Http {
            Objects.requireNonNull(url, "url");
            headers = Map.copyOf(headers);
        }

        @Override
        public String transport() {
            return legacySse ? "sse" : "http";
        }

        @Override
        public boolean launches() {
            return false;
        }

        @Override
        public String toString() {
            return "Http[" + url.getScheme() + "://" + url.getAuthority() + url.getPath() + ", headers "
                    + headers.keySet() + "]";
        }
    }

    /** A remote server reached by WebSocket, a message in each text frame. Header values may be secrets. */
    record WebSocket(URI url, Map<String, String> headers) implements Wire {
        public WebSocket {
            Objects.requireNonNull(url, "url");
            headers = Map.copyOf(headers);
        }

        @Override
        public String transport() {
            return "websocket";
        }

        @Override
        public boolean launches() {
            return false;
        }

        @Override
        public String toString() {
            return "WebSocket[" + url.getScheme() + "://" + url.getAuthority() + url.getPath() + ", headers "
                    + headers.keySet() + "]";
        }
    }

    /** A remote server reached by TCP, a message in each line. */
    record Tcp(String host, int port) implements Wire {
        public Tcp {
            Objects.requireNonNull(host, "host");
        }

        @Override
        public String transport() {
            return "tcp";
        }

        @Override
        public boolean launches() {
            return false;
        }
    }

    /**
     * A server inside the manager.
     *
     * @param bean the name of the bean that is the server
     * @param environment what the bean is told; values may be secrets
     */
    record Custom(String bean, Map<String, String> environment) implements Wire {
        public Custom {
            Objects.requireNonNull(bean, "bean");
            environment = Map.copyOf(environment);
        }

        @Override
        public String transport() {
            return "custom";
        }

        @Override
        public boolean launches() {
            return false;
        }

        @Override
        public String toString() {
            return "Custom[" + bean + ", environment " + environment.keySet() + "]";
        }
    }

    /** What a process that the manager starts listens with. */
    enum Speech {
        HTTP,
        WEBSOCKET,
        TCP
    }

    /**
     * A child process that is reached on a port of this machine, which it is told by {@code PORT} and {@code ${port}}.
     *
     * @param port 0: one that the manager chooses anew for each start
     * @param path of its MCP endpoint; empty for TCP
     * @param survives whether the process lives on when the manager is killed, and is taken over by the next one
     */
    record Served(Stdio process, Speech speech, int port, String path, boolean survives) implements Wire {
        public static final String PORT_REFERENCE = "${port}";
        public static final String DEFAULT_PATH = "/mcp";
        private static final String HOST = "127.0.0.1";

        public Served {
            Objects.requireNonNull(process, "process");
            Objects.requireNonNull(speech, "speech");
            Objects.requireNonNull(path, "path");
        }

        /** One that ends with the manager. */
        public Served(Stdio process, Speech speech, int port, String path) {
            this(process, speech, port, path, false);
        }

        /** How its process is reached that was told this port. */
        public Wire at(int given) {
            return switch (speech) {
                case HTTP -> new Http(URI.create("http://" + HOST + ":" + given + path), Map.of(), false);
                case WEBSOCKET -> new WebSocket(URI.create("ws://" + HOST + ":" + given + path), Map.of());
                case TCP -> new Tcp(HOST, given);
            };
        }

        @Override
        public String transport() {
            return speech.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean launches() {
            return true;
        }
    }
}
