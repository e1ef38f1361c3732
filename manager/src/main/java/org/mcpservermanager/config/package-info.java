/** Files in, specs out: readers for each shape, interpolation, problems. Starts nothing. Uses server. */
package org.mcpservermanager.config;
