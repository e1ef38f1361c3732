package org.mcpservermanager.server;

import java.util.Objects;

/** A refusal that a person will read: carries its {@link Problem} to the surface unchanged. */
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return Objects.requireNonNull(problem, "problem");
    }
}
