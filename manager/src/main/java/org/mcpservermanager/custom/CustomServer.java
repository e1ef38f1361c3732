package org.mcpservermanager.custom;

import java.util.Optional;

/**
 * An MCP server inside the manager: a CDI bean with a name. The entry {@code {"type": "custom", "bean": "clock"}} of the configuration
 * starts the bean {@code @Named("clock")}, and the manager looks after it as after a process.
 *
 * <p>A server may run in several copies at the same time: one for all clients, and one for each client session that can be asked
 * something. Each copy has a {@link Connection} of its own, and {@link #start}, {@link #handle}, {@link #health} and {@link #stop} are
 * told which one is meant. A bean of scope {@code @Dependent} is made anew for each copy and may keep it in a field; a bean of any other
 * scope is one object that serves all copies, and must tell them apart by their connection.
 *
 * <p>All methods run on threads that the copy has for itself. Whoever is interrupted should return soon: it is how the manager ends what
 * takes too long. A thread that does not return keeps its copy from being empty, so that no other copy takes its place.
 */
public interface CustomServer {
    /**
     * The copy begins. Called once and before all others; messages come after it returned. It has {@code startup_timeout} together with
     * the handshake; then its thread is interrupted.
     *
     * @throws Exception the start has failed: tried again as {@code restart_policy} says
     */
    default void start(Connection connection) throws Exception {}

    /**
     * A JSON-RPC message of the client: a request, a notification, or the answer to something that was asked by {@link Connection#send}.
     * The answer to a request is sent by {@link Connection#send}, before or after this method returns, and on any thread.
     *
     * <p><b>May be called at the same time by several threads</b>, in a copy up to 16 for requests, one for notifications and one for
     * answers. A request that came after a notification is handed over when the notification was handled. Requests may overtake each
     * other. To wait here for an answer is fine, as it comes on another thread.
     *
     * <p>The first message is {@code initialize}, or {@code server/discover} of revision 2026-07-28: whoever does not know that answers it
     * with error -32601, and {@code initialize} follows, to another copy.
     *
     * @param message one JSON object without line breaks
     * @throws Exception the copy is broken: its open calls fail and it is replaced as {@code restart_policy} says. What is wrong with one
     *     request only is to be answered by an error
     */
    void handle(String message, Connection connection) throws Exception;

    /**
     * Whether the copy is well; asked every {@code health_check_interval}, on a thread for requests, and may be called while others run.
     *
     * @return what is wrong with it, in words; empty when nothing is
     * @throws Exception as if its message had been returned
     */
    default Optional<String> health(Connection connection) throws Exception {
        return Optional.empty();
    }

    /**
     * The copy ends. Called once for each start, also for one that failed or was interrupted, perhaps while messages are still being
     * handled. What still handles one is interrupted after {@code end_of_input_timeout}, and this method after {@code shutdown_timeout}
     * more.
     *
     * @throws Exception said in the output of the server; the copy has ended all the same
     */
    default void stop(Connection connection) throws Exception {}
}
