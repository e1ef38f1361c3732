package org.mcpservermanager.gateway.modern;

import java.time.Duration;

/**
 * Limits of what stateless clients keep going at older servers.
 *
 * @param inputKeyHint the member of a question's {@code _meta} by which a server names its key; empty for none
 * @param quiet after the last question of a server until the client is asked: servers ask several things at once
 * @param patience how long a call waits for its client's retry
 * @param parkedMax calls that wait at once
 * @param parkedOfCallerMax the same of one caller
 * @param copiesMax copies of one server for calls that may ask, at once
 * @param idle after which a copy without a call is ended
 */
public record BridgeSettings(
        String inputKeyHint,
        Duration quiet,
        Duration patience,
        int parkedMax,
        int parkedOfCallerMax,
        int copiesMax,
        Duration idle) {
    public static final String INPUT_KEY_HINT = "org.mcpservermanager/inputKey";
    public static final BridgeSettings DEFAULT = new BridgeSettings(
            INPUT_KEY_HINT, Duration.ofMillis(40), Duration.ofMinutes(5), 256, 64, 16, Duration.ofMinutes(2));

    public BridgeSettings withInputKeyHint(String name) {
        return new BridgeSettings(name, quiet, patience, parkedMax, parkedOfCallerMax, copiesMax, idle);
    }

    public BridgeSettings withPatience(Duration time) {
        return new BridgeSettings(inputKeyHint, quiet, time, parkedMax, parkedOfCallerMax, copiesMax, idle);
    }
}
