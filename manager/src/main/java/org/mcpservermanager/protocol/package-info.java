/** What MCP says: the strict envelope scanner, messages as bytes, methods, revisions, error codes. Uses nothing of ours. */
package org.mcpservermanager.protocol;
