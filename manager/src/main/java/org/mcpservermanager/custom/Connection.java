package org.mcpservermanager.custom;

import java.util.Map;

/** What a copy of a {@link CustomServer} has of the manager; the same object in each call about the copy. For any thread. */
public interface Connection {
    /** The id of the server in the configuration. */
    String server();

    /** What the entry of the server says in {@code env}. */
    Map<String, String> environment();

    /**
     * Sends a JSON-RPC message to the client: an answer, a notification (progress, log), or a request of the server (elicitation, sampling,
     * roots) whose answer comes to {@link CustomServer#handle}. Messages arrive in the order of the calls. Waits while 256 are on their way.
     *
     * @param message one JSON object, at most 16 MiB as UTF-8
     * @return false when it was not sent: the connection is over, or the thread was interrupted
     * @throws IllegalArgumentException it is no JSON-RPC message, or too long; says what is wrong
     */
    boolean send(String message);

    /** A line for the output of the server, as a process writes it to stderr. At most 500 in a second are kept. */
    void log(String line);

    /** The copy is broken, says the server: its open calls fail and it is replaced as {@code restart_policy} says. */
    void fail(String reason);
}
