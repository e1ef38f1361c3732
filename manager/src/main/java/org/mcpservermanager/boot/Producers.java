package org.mcpservermanager.boot;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.gateway.GatewayParts;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.manage.push.EventHub;
import org.mcpservermanager.manage.rest.Readiness;
import org.mcpservermanager.manage.rest.Records;
import org.mcpservermanager.manage.rest.SpecReader;
import org.mcpservermanager.routing.MessageRelay;
import org.mcpservermanager.security.Edge;
import org.mcpservermanager.security.Keys;
import org.mcpservermanager.stream.EventStreams;
import org.mcpservermanager.supervision.Fleet;

/** Hands the parts of the running manager to the beans of the surfaces. */
@ApplicationScoped
public class Producers {
    @EJB
    private Startup startup;

    @Produces
    Fleet fleet() {
        return startup.fleet();
    }

    @Produces
    MessageRelay relay() {
        return startup.manager().relay();
    }

    @Produces
    GatewayParts gateway() {
        return startup.manager().gateway();
    }

    @Produces
    EventHub hub() {
        return startup.manager().hub();
    }

    @Produces
    EventStreams streams() {
        return startup.manager().streams();
    }

    @Produces
    ScheduledExecutorService timer() {
        return startup.timer();
    }

    @Produces
    Edge edge() {
        return startup.settings().edge();
    }

    @Produces
    Keys keys() {
        return startup.keys();
    }

    @Produces
    Readiness readiness() {
        return startup::isReady;
    }

    @Produces
    Records records() {
        return startup.records();
    }

    @Produces
    Configuration configuration() {
        return startup.manager().configuration();
    }

    @Produces
    SpecReader specs() {
        return startup.specs();
    }
}
