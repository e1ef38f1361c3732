/**
 * What clients of revision 2026-07-28 need that servers of the older revisions do not know: requests that say who asks, headers
 * that repeat the body, questions as results, calls that wait for a retry. No HTTP; {@code gateway} owns that and alone uses this.
 */
package org.mcpservermanager.gateway.modern;
