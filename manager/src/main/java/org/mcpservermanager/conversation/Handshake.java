package org.mcpservermanager.conversation;

import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Product;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** The first request and what its answer means. */
final class Handshake {
    private static final int QUOTED_MAX = 300;

    private final ServerId server;
    private final Profile offered;
    private final String version;

    Handshake(ServerId server, Profile offered) {
        this.server = server;
        this.offered = offered;
        // a version that we do not speak is not one to promise to a server
        this.version =
                Revision.of(offered.protocolVersion()).orElse(Revision.LATEST).version();
    }

    Message request() {
        String capabilities = offered.capabilities().isEmpty() ? "{}" : offered.capabilities();
        String clientInfo = offered.clientInfo().isEmpty() ? Product.INFO : offered.clientInfo();
        return Message.request(
                Long.toString(Dispatch.OPENING_ID),
                Method.INITIALIZE,
                "{\"protocolVersion\":" + JsonText.quote(version) + ",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":" + clientInfo + "}");
    }

    /** The peer that answered; a ProblemException when we cannot talk to it. */
    Peer peer(Message answer) {
        if (answer.kind() == Message.Kind.ERROR) {
            throw refused("answered initialize with an error: " + Text.oneLine(answer.error(), QUOTED_MAX));
        }
        String result = answer.result();
        String spoken = JsonText.unquote(orNull(JsonText.member(result, "protocolVersion")));
        if (!Revision.isKnown(spoken)) {
            throw refused("answered protocol version \"" + Text.oneLine(spoken, QUOTED_MAX) + "\" when \"" + version
                    + "\" was offered (expected: one of " + String.join(", ", Revision.versions()) + ")");
        }
        String info = JsonText.member(result, "serverInfo");
        return new Peer(
                spoken,
                JsonText.member(result, "capabilities"),
                info,
                JsonText.member(result, "instructions"),
                result,
                "",
                JsonText.unquote(orNull(JsonText.member(info, "name"))),
                JsonText.unquote(orNull(JsonText.member(info, "version"))));
    }

    private static String orNull(String json) {
        return json.isEmpty() ? "null" : json;
    }

    private ProblemException refused(String what) {
        return new ProblemException(new Problem(
                Problem.HANDSHAKE_FAILED,
                "Server '" + server + "' " + what + ".",
                "Check that the command starts an MCP server, and its version."));
    }
}
