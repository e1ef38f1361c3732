/** How bytes move: the link to an instance and its implementations. Knows framing, not meaning. Uses server, protocol, process. */
package org.mcpservermanager.transport;
