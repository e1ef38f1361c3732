package org.mcpservermanager.transport;

class ScriptedLinkTest extends LinkContract {
    private ScriptedLink link;

    @Override
    Link linkToEcho() {
        link = new ScriptedLink();
        return link.peer(link::receive);
    }

    @Override
    void endPeer() {
        link.hangUp();
    }
}
