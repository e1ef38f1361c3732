package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Collection;
import java.util.Locale;
import org.mcpservermanager.routing.Groups;
import org.mcpservermanager.security.Allow;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.ServerId;

/** The endpoints over several servers. */
@Path("/mcp/groups")
@RequestScoped
public class GroupsResource {
    private final Groups groups;

    @Inject
    public GroupsResource(Groups groups) {
        this.groups = groups;
    }

    /** For the proxy of CDI; public because RESTEasy looks for a constructor it could call itself. */
    public GroupsResource() {
        this(null);
    }

    /** All groups, ordered by name; the endpoint over all servers, first, has an empty name. */
    @GET
    @Allow(Role.VIEWER)
    public Response groups() {
        JsonArrayBuilder all = Json.createArrayBuilder();
        groups.groups().forEach(endpoint -> all.add(json(endpoint)));
        return Replies.response(Reply.of(200, all.build()));
    }

    static JsonObjectBuilder json(Groups.Shown endpoint) {
        Group group = endpoint.group();
        return Json.createObjectBuilder()
                .add("name", group.name())
                .add("description", group.description())
                .add("url", endpoint.path())
                .add("collisionPolicy", group.naming().name().toLowerCase(Locale.ROOT))
                .add("tools", group.search() ? "search" : "all")
                .add("members", ids(group.servers()))
                .add(
                        "tags",
                        Json.createArrayBuilder(group.tags().stream().sorted().toList()))
                .add("servers", ids(endpoint.servers()))
                .add(
                        "counts",
                        Json.createObjectBuilder()
                                .add("tools", endpoint.counts().tools())
                                .add("prompts", endpoint.counts().prompts())
                                .add("resources", endpoint.counts().resources())
                                .add("resourceTemplates", endpoint.counts().templates()))
                .add("issues", Json.createArrayBuilder(endpoint.collisions()))
                .add("source", group.source());
    }

    private static JsonArrayBuilder ids(Collection<ServerId> ids) {
        return Json.createArrayBuilder(
                ids.stream().map(ServerId::value).sorted().toList());
    }
}
