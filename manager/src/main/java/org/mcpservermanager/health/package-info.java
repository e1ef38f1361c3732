/**
 * Is it well: probes of a running copy, and the verdict on what they find. Owns neither the phase of a server nor what follows
 * from bad health; that is supervision's. Uses server, protocol, process, conversation.
 */
package org.mcpservermanager.health;
