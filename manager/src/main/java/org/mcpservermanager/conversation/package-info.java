/** MCP over a link: the handshake, id mapping, progress, questions, cancellation. Uses server, protocol, transport. */
package org.mcpservermanager.conversation;
