package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.mcpservermanager.security.Allow;
import org.mcpservermanager.security.Role;

/** Where servers were in reach, and when; from the database. */
@Path("/mcp/deployments")
@RequestScoped
public class DeploymentsResource {
    private static final int LIMIT_MAX = 1000;
    private final Records records;

    @Inject
    public DeploymentsResource(Records records) {
        this.records = records;
    }

    /** For the proxy of CDI; public because RESTEasy looks for a constructor it could call itself. */
    public DeploymentsResource() {
        this(null);
    }

    /** Deployments of all servers, newest first. */
    @GET
    @Allow(Role.VIEWER)
    public Response deployments(@QueryParam("limit") @DefaultValue("100") String limit) {
        return Replies.response(Reply.array(records.deployments(Parameters.number("limit", limit, LIMIT_MAX))));
    }
}
