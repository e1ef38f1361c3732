/** What servers print, kept in files: one for each server, rotated. Reads events; what an operator reads by the API is supervision's. Uses server. */
package org.mcpservermanager.logs;
