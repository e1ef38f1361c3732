/** HTTP bytes without blocking a thread: bodies in with a size limit and a deadline, event streams out with heartbeats. Uses nothing of ours. */
package org.mcpservermanager.stream;
