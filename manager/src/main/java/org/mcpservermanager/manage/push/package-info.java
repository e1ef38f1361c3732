/** Management surface: translate, call, translate. No decisions, no state. Uses server, config, supervision, routing, security, stream. */
package org.mcpservermanager.manage.push;
