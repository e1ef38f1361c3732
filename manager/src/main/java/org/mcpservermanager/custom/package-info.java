/**
 * What a server that runs inside the manager is written against: a CDI bean with a name that is a {@link
 * org.mcpservermanager.custom.CustomServer}, and perhaps one that is a {@link org.mcpservermanager.custom.CustomCheck}. Uses nothing
 * else of ours, so that it can be compiled against alone.
 */
package org.mcpservermanager.custom;
