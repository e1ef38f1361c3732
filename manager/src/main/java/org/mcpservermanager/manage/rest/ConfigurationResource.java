package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.security.Allow;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.ServerId;

/** The configuration file of the running manager. */
@Path("/mcp")
@Produces("application/json")
@RequestScoped
public class ConfigurationResource {
    private final Configuration configuration;

    @Inject
    public ConfigurationResource(Configuration configuration) {
        this.configuration = configuration;
    }

    /** For the proxy of CDI; public because RESTEasy looks for a constructor it could call itself. */
    public ConfigurationResource() {
        this(null);
    }

    /**
     * Reads the file again: 200 with the ids of the servers that were added, changed and removed, and of those that go on as they
     * were because their entries are wrong; 422 when the file could not be read as a whole, and nothing was done.
     */
    @POST
    @Path("reload")
    @Allow(Role.ADMIN)
    public Response reload() {
        Configuration.Outcome outcome = configuration.reload();
        boolean isAll = outcome.read() && outcome.kept().isEmpty();
        JsonObject json = Reply.success(isAll)
                .add("added", ids(outcome.added()))
                .add("changed", ids(outcome.changed()))
                .add("removed", ids(outcome.removed()))
                .add("kept", ids(outcome.kept()))
                .add("problems", all(configuration.problems()))
                .build();
        return Replies.response(Reply.of(outcome.read() ? 200 : 422, json));
    }

    /** What was wrong with the file when it was last read. */
    @GET
    @Path("problems")
    @Allow(Role.VIEWER)
    public Response problems() {
        JsonObjectBuilder json = Json.createObjectBuilder();
        configuration.file().ifPresent(file -> json.add("file", file));
        return Replies.response(Reply.of(
                200, json.add("problems", all(configuration.problems())).build()));
    }

    private static JsonArray ids(List<ServerId> ids) {
        return Json.createArrayBuilder(ids.stream().map(ServerId::value).toList())
                .build();
    }

    private static JsonArray all(List<ConfigProblem> problems) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        problems.forEach(each -> all.add(Json.createObjectBuilder(ServerJson.problem(each.problem()))
                .add("severity", ServerJson.word(each.severity()))
                .add("file", each.file())
                .add("key", each.key())));
        return all.build();
    }
}
