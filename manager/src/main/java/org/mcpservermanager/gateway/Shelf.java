package org.mcpservermanager.gateway;

import java.util.List;
import org.mcpservermanager.server.ServerId;

/**
 * What one server has of one kind.
 *
 * @param shown false: the server is down; its things are not listed, but calls to them find it
 * @param offers the same list for as long as nothing changed
 */
record Shelf(ServerId server, boolean shown, List<Offer> offers) {}
