/** What a server is: the words the rest of the manager speaks. Owns no behaviour over time; uses nothing of ours. */
package org.mcpservermanager.server;
