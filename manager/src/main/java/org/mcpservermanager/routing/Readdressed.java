package org.mcpservermanager.routing;

import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.Message;

/** An exchange whose request was changed on the way. */
public record Readdressed(Exchange inner, Message request) implements ForwardingExchange {}
