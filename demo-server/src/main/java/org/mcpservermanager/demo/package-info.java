/** A small MCP server on stdin and stdout, to try the manager and to test it with. Depends on nothing but the JDK. */
package org.mcpservermanager.demo;
