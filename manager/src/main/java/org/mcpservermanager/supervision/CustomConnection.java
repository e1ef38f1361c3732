package org.mcpservermanager.supervision;

import java.util.Map;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.InJvmLink;

/** What a custom server has of us. */
record CustomConnection(ServerId id, Wire.Custom wire, InJvmLink link, Voice voice) implements Connection {
    @Override
    public String server() {
        return id.value();
    }

    @Override
    public Map<String, String> environment() {
        return wire.environment();
    }

    @Override
    public boolean send(String message) {
        return link.receive(message);
    }

    @Override
    public void log(String line) {
        voice.say(line);
    }

    @Override
    public void fail(String reason) {
        link.fail(new Problem(
                Problem.BEAN_FAILED,
                "bean \"" + wire.bean() + "\" of server \"" + id + "\" says that it is broken: "
                        + Text.oneLine(reason, 200),
                "Look at the output of the server."));
    }

    /** Beans may print it. */
    @Override
    public String toString() {
        return "Connection[" + id + "]";
    }
}
