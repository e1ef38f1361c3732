package org.mcpservermanager.server;

import java.net.URI;
import java.util.List;
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
     * @param directory working directory; empty: the server's own directory below the state directory
     */
    record Stdio(String command, List<String> args, Map<String, String> environment, String directory) implements Wire {
        public Stdio {
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(directory, "directory");
            args = List.copyOf(args);
            environment = Map.copyOf(environment);
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
                    + "\"]";
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
}
