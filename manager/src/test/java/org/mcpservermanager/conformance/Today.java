package org.mcpservermanager.conformance;

/** Whether the manager carries everything that is judged. What is said to fail and passes is a failure of the build. */
enum Today {
    PASSES(0),
    FAILS(1);

    private final int exitCode;

    Today(int exitCode) {
        this.exitCode = exitCode;
    }

    /** With which a script ends. */
    int exitCode() {
        return exitCode;
    }
}
