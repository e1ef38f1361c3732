package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.security.Allow;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/** {@code /api/mcp/servers}. Every body is JSON; every refusal is {@code {error, code, message, remedy}}. */
@Path("/mcp/servers")
@Produces("application/json")
@ApplicationScoped
public class ServersResource {
    private static final int DEFINITION_BYTES_MAX = 256 * 1024;
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
    private final Reads reads;
    private final Operations operations;
    private final Bulk bulk;
    private final Definitions definitions;
    private final Messages messages;

    @Inject
    public ServersResource(Reads reads, Operations operations, Bulk bulk, Definitions definitions, Messages messages) {
        this.reads = reads;
        this.operations = operations;
        this.bulk = bulk;
        this.definitions = definitions;
        this.messages = messages;
    }

    /** For the proxy of CDI; public because RESTEasy looks for a constructor it could call itself. */
    public ServersResource() {
        this(null, null, null, null, null);
    }

    /** All servers, ordered by id. */
    @GET
    @Allow(Role.VIEWER)
    public Response list() {
        return Replies.response(reads.all());
    }

    @GET
    @Path("{id}")
    @Allow(Role.VIEWER)
    public Response get(@PathParam("id") String id) {
        return Replies.response(reads.one(Parameters.server(id)));
    }

    /** The last lines a server wrote to stderr, or to stdout without being MCP; oldest first. */
    @GET
    @Path("{id}/logs")
    @Allow(Role.VIEWER)
    public Response logs(@PathParam("id") String id, @QueryParam("lines") @DefaultValue("100") String lines) {
        return Replies.response(reads.logs(Parameters.server(id), Parameters.number("lines", lines, Reads.LINES_MAX)));
    }

    /** The changes of phase of a server, newest first, from the database; those of a server that was removed too. */
    @GET
    @Path("{id}/history")
    @Allow(Role.VIEWER)
    public Response history(@PathParam("id") String id, @QueryParam("limit") @DefaultValue("100") String limit) {
        return Replies.response(
                reads.history(Parameters.server(id), Parameters.number("limit", limit, Reads.HISTORY_MAX)));
    }

    /** Adds a server: an entry of {@code mcpServers} plus {@code id}. 201, or 409 when the id is taken, 422 when it is wrong. */
    @POST
    @Allow(Role.ADMIN)
    public Response define(@Context HttpServletRequest request) throws IOException {
        return Replies.response(definitions.define(body(request, DEFINITION_BYTES_MAX)));
    }

    /**
     * Gives the server another definition: a whole entry of {@code mcpServers}. Its process is replaced only when what launches it
     * changed. 200 when it is as defined, 404 without such a server, 422 when the entry is wrong.
     */
    @PUT
    @Path("{id}")
    @Allow(Role.ADMIN)
    public CompletionStage<Response> update(@PathParam("id") String id, @Context HttpServletRequest request)
            throws IOException {
        ServerId server = Parameters.server(id);
        return definitions.update(server, body(request, DEFINITION_BYTES_MAX)).thenApply(Replies::response);
    }

    /** Stops the server and forgets it. */
    @DELETE
    @Path("{id}")
    @Allow(Role.ADMIN)
    public CompletionStage<Response> remove(@PathParam("id") String id) {
        return definitions.remove(Parameters.server(id)).thenApply(Replies::response);
    }

    /**
     * Sends one JSON-RPC message to the server. 200 with its response as it came, 202 for a notification, 504 after 30 s.
     */
    @POST
    @Path("{id}/message")
    @Allow(Role.OPERATOR)
    public CompletionStage<Response> message(@PathParam("id") String id, @Context HttpServletRequest request)
            throws IOException {
        ServerId server = Parameters.server(id);
        return messages.send(server, body(request, MESSAGE_BYTES_MAX)).thenApply(Replies::response);
    }

    /** {@code start}, {@code stop} or {@code restart}: 200 when done, 202 with {@code wait=false}, else the status of the problem. */
    @POST
    @Path("{id}/{verb}")
    @Allow(Role.OPERATOR)
    public CompletionStage<Response> operate(
            @PathParam("id") String id,
            @PathParam("verb") String verb,
            @QueryParam("wait") @DefaultValue("true") String wait,
            @QueryParam("force") @DefaultValue("false") String force) {
        Operations.Order order = order(verb, force);
        ServerId server = Parameters.server(id);
        if (Parameters.flag("wait", wait)) {
            return operations
                    .carryOut(server, order)
                    .thenApply(outcome -> Replies.response(Reply.of(outcome.status(), outcome.json(Instant.now()))));
        }
        Optional<Problem> refused = operations.begin(server, order);
        return CompletableFuture.completedStage(
                Replies.response(refused.map(Reply::of).orElseGet(() -> reads.accepted(server))));
    }

    /**
     * {@code start}, {@code stop} or {@code restart} for the servers in {@code ids}, or for all without a body. The variable is named
     * as in the other methods of this path because a server may have a verb for its id.
     */
    @POST
    @Path("{id}")
    @Allow(Role.OPERATOR)
    public CompletionStage<Response> operateMany(
            @PathParam("id") String verb,
            @QueryParam("wait") @DefaultValue("true") String wait,
            @QueryParam("force") @DefaultValue("false") String force,
            @Context HttpServletRequest request)
            throws IOException {
        Operations.Order order = order(verb, force);
        String ids = body(request, DEFINITION_BYTES_MAX);
        return Parameters.flag("wait", wait)
                ? bulk.carryOut(ids, order).thenApply(Replies::response)
                : CompletableFuture.completedStage(Replies.response(bulk.begin(ids, order)));
    }

    private static Operations.Order order(String verb, String force) {
        return new Operations.Order(
                Operations.Verb.of(verb).orElseThrow(Problems::notFound), Parameters.flag("force", force));
    }

    private static String body(HttpServletRequest request, int bytesMax) throws IOException {
        return Intake.text(request.getContentType(), request.getInputStream(), bytesMax);
    }
}
