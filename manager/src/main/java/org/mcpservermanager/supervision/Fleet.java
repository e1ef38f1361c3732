package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;

/** All servers. Operations post a wish and return at once; the stage completes when the wish is fulfilled or has failed. */
public interface Fleet {
    /** Ordered by id. */
    List<Snapshot> servers();

    Optional<Snapshot> server(ServerId id);

    /** What the machine is short of so that no server can start; empty while all is well. */
    default Optional<Problem> hostFault() {
        return Optional.empty();
    }

    /** Completes RUNNING, or with the phase in which the attempt ended (BACKOFF, PARKED, FATAL, ...); never exceptionally for that. */
    CompletionStage<Snapshot> start(ServerId id);

    /** Completes when no process of the server is alive. {@code force} skips the graceful rungs of the stop ladder. */
    CompletionStage<Snapshot> stop(ServerId id, boolean force);

    CompletionStage<Snapshot> restart(ServerId id);

    /**
     * Adds servers; those with autoStart (or whose stored wish is UP) start.
     *
     * @throws org.mcpservermanager.server.ProblemException server_already_exists; then nothing was added
     */
    void add(List<ServerSpec> specs);

    /**
     * Gives a server another spec. Nothing happens when it says the same; a process is replaced only when what launches it changed
     * (command, arguments, environment, directory, isolation), everything else counts from now on. Completes as a start does.
     *
     * @throws org.mcpservermanager.server.ProblemException server_not_found, invalid_configuration; then nothing has changed
     */
    CompletionStage<Snapshot> update(ServerSpec spec);

    /**
     * Stops the server, and forgets it as soon as nothing of it lives; until then its id is taken. Completes as a stop does, with the
     * server stuck when its process tree cannot be emptied.
     */
    CompletionStage<Snapshot> remove(ServerId id);

    /** The last lines of a server's output, oldest first, at most {@code linesMax}. */
    List<org.mcpservermanager.server.Event.Output> output(ServerId id, int linesMax);
}
