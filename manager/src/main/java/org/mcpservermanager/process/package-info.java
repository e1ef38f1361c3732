/** How processes live and die: launching, process trees, the guardian, containment, the journal. Knows nothing of MCP. Uses server. */
package org.mcpservermanager.process;
