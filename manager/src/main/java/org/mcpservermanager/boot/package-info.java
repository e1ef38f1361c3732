/** The EE shell: builds the core, owns its threads, clocks and settings, ends it. Used by nobody. */
package org.mcpservermanager.boot;
