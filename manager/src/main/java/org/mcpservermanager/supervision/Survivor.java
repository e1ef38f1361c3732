package org.mcpservermanager.supervision;

import java.util.Optional;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.process.Survival;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

/** A process that outlived the manager which started it, and that was launched by what the spec still says. */
record Survivor(Child child, int port) {
    /** Taken from the launcher; one that does not fit is left there, and ends before anything else is launched. */
    static Optional<Survivor> of(ServerSpec spec, Launcher launcher) {
        boolean mayBe = spec.enabled() && spec.wire() instanceof Wire.Served served && served.survives();
        return mayBe
                ? launcher.survivor(spec.id())
                        .filter(survival -> survival.digest().equals(LaunchDigest.of(spec)))
                        .map(Survival::port)
                        .flatMap(port -> launcher.adopt(spec.id()).map(child -> new Survivor(child, port)))
                : Optional.empty();
    }
}
