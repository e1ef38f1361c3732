package org.mcpservermanager.supervision;

import java.util.Map;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.CheckSlots;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;

/**
 * What the operator decides about the fleet as a whole.
 *
 * @param startConcurrency servers that may be starting at the same time, 1 or more
 * @param checkConcurrency health checks that may run at the same time, 1 or more
 * @param managerProfile what copies shared by many clients are told at initialize; not interactive
 * @param askableProfile the same for servers whose one copy may ask its clients
 * @param wishes what the operator wanted of each server before the manager was restarted
 * @param ports for processes that listen
 * @param customs where custom servers and checks come from
 */
public record FleetSettings(
        int startConcurrency,
        int checkConcurrency,
        Profile managerProfile,
        Profile askableProfile,
        Map<ServerId, Wish> wishes,
        Ports ports,
        Customs customs) {
    public FleetSettings {
        wishes = Map.copyOf(wishes);
    }

    /** With the default ports, and nothing custom. */
    public FleetSettings(
            int startConcurrency,
            int checkConcurrency,
            Profile managerProfile,
            Profile askableProfile,
            Map<ServerId, Wish> wishes) {
        this(
                startConcurrency,
                checkConcurrency,
                managerProfile,
                askableProfile,
                wishes,
                Ports.standard(),
                Customs.NONE);
    }

    public FleetSettings with(Ports others) {
        return new FleetSettings(
                startConcurrency, checkConcurrency, managerProfile, askableProfile, wishes, others, customs);
    }

    public FleetSettings with(Customs others) {
        return new FleetSettings(
                startConcurrency, checkConcurrency, managerProfile, askableProfile, wishes, ports, others);
    }

    /** With the default number of health checks at the same time. */
    public FleetSettings(
            int startConcurrency, Profile managerProfile, Profile askableProfile, Map<ServerId, Wish> wishes) {
        this(startConcurrency, CheckSlots.SLOTS_DEFAULT, managerProfile, askableProfile, wishes);
    }
}
