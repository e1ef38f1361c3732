package org.mcpservermanager.manage.rest;

/** Whether the manager has finished to boot and takes requests. */
public interface Readiness {
    boolean isReady();
}
