package org.mcpservermanager.process;

import java.util.Collection;
import java.util.Optional;

/** The processes of this machine. Dead ones that nobody collected (zombies) are not in it. */
interface ProcessTable {
    /** All living processes. Markers are read of those that began at {@code markersSince} or later. */
    Scan scan(long markersSince);

    /** All processes with what they use. Markers are read of those that began at {@code markersSince} or later. */
    Census census(long markersSince, Markers markers);

    /** Files a process holds open; negative when the system does not tell. */
    int openFiles(long pid);

    /** How many of those are sockets; negative when the system does not tell. */
    int sockets(long pid);

    /** Bytes of a page of memory. */
    long pageBytes();

    long ticksPerSecond();

    /** Leaders that an earlier run wrote down, for a table that is not shown environments: who has pid and start is one of them. */
    default void recall(Collection<Journal.Entry> written) {}

    /** One living process. */
    Optional<Seen> look(long pid);

    /** What one process, and those of its children that it has waited for, have done; of a stranger or a dead one nothing. */
    default Activity activity(Seen process) {
        return Activity.NONE;
    }

    /** The present, in the unit of {@link Seen#start}. */
    long now();

    /** Changes when the machine boots; starts of different boots cannot be compared. */
    String boot();

    static ProcessTable ofThisMachine() {
        return ProcTable.isAvailable() ? new ProcTable() : new HandleTable();
    }
}
