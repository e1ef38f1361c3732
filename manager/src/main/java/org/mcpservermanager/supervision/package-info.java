/** Keep it alive: the pure lifecycle function, one mailbox per server, the fleet. Uses server, process, transport, conversation, health. */
package org.mcpservermanager.supervision;
