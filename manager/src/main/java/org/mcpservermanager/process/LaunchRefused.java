package org.mcpservermanager.process;

import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

/** No process was started. {@link #hostFault}: the machine is short of something, which is not the server's fault. */
public final class LaunchRefused extends ProblemException {
    private static final long serialVersionUID = 1L;
    private final boolean hostFault;

    public LaunchRefused(Problem problem, boolean hostFault) {
        super(problem);
        this.hostFault = hostFault;
    }

    public boolean hostFault() {
        return hostFault;
    }
}
