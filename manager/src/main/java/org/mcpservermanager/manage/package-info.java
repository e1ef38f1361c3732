/** What the management surfaces have in common: the words (JSON) and the way events reach them. Uses server. */
package org.mcpservermanager.manage;
