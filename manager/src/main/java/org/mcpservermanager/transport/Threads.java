package org.mcpservermanager.transport;

/** Platform threads for pipes: a read on a pipe pins the carrier of a virtual thread, and a few hundred would starve the JVM. */
final class Threads {
    private Threads() {}

    static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
