/** Tells the outside of alerts, where the operator wants them. Decides nothing: what is an alert is supervision's. */
package org.mcpservermanager.manage.alert;
