/** Who answers: which copy of a server serves which client, and the refusal when none can. Uses server, protocol, conversation, supervision. */
package org.mcpservermanager.routing;
