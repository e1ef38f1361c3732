/** The MCP endpoints: client sessions, the dialect of their revision, the catalogue of the aggregate. Uses server, protocol, conversation, routing, security, stream. */
package org.mcpservermanager.gateway;
