/** What survives a restart: JPA entities and migrations. Holds wishes, history, deployments; never the live phase as truth. Uses server. */
package org.mcpservermanager.store;
