package org.mcpservermanager.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** A link over HTTP or what began as HTTP: what comes in is taken in turn, what goes out is bounded, and it ends once. */
abstract class WebLink implements NetworkLink {
    final Web web;
    final Intake intake;
    final Budget budget = new Budget();
    final Ending ending = new Ending();
    private volatile Target target;

    WebLink(ServerId server, Target target, Web web) {
        this.web = Objects.requireNonNull(web, "web");
        this.target = Objects.requireNonNull(target, "target");
        this.intake = new Intake("mcp-" + server);
    }

    Web web() {
        return web;
    }

    Intake intake() {
        return intake;
    }

    Target target() {
        return target;
    }

    /** The server is there from now on. */
    void moved(Target there) {
        target = there;
    }

    @Override
    public Optional<Problem> problem() {
        return ending.problem();
    }

    @Override
    public CompletableFuture<Void> gone() {
        return ending.gone();
    }

    @Override
    public void open(Receiver receiver) {
        intake.open(receiver);
    }

    @Override
    public void close() {
        if (ending.close()) {
            leave();
        }
    }

    /** The server is not there, or not as it was: nothing can be sent any more. */
    void fail(Problem why) {
        if (ending.fail(why)) {
            leave();
        }
    }

    /** Called once, when the end has come: gives up what is open, and completes it. */
    abstract void leave();
}
