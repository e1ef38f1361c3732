/** Callers, keys, the one filter in front of everything, who may do what. Uses server. */
package org.mcpservermanager.security;
