package org.mcpservermanager.manage.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.server.Problem;

/** What JAX-RS itself refuses: unknown paths, wrong methods, types that cannot be produced. */
@Provider
public final class WebFailureMapper implements ExceptionMapper<WebApplicationException> {
    @Override
    public Response toResponse(WebApplicationException failure) {
        Response original = failure.getResponse();
        int status = original.getStatus();
        if (status < 400) {
            return original;
        }
        if (status >= 500) {
            return Replies.response(Reply.of(Problems.of(failure)));
        }
        String allowed = original.getHeaderString("Allow");
        Response response = Replies.response(
                Reply.of(status, ProblemJson.of(problem(status, allowed)).build()));
        if (allowed != null) {
            response.getHeaders().add("Allow", allowed);
        }
        return response;
    }

    private static Problem problem(int status, String allowed) {
        return switch (status) {
            case 404 -> Problems.notFound().problem();
            case 405 ->
                new Problem(
                        "method_not_allowed",
                        "This path does not take this method"
                                + (allowed == null ? "." : " (expected: " + allowed + ")."),
                        "Use one of the methods in the Allow header.");
            case 406 ->
                new Problem(
                        "not_acceptable",
                        "The answer is JSON, which the Accept header excludes.",
                        "Send Accept: application/json.");
            default ->
                new Problem(
                        Problem.INVALID_REQUEST, "The request was refused with status " + status + ".", word(status));
        };
    }

    private static String word(int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null
                ? "Correct the request."
                : "Correct the request: " + known.getReasonPhrase().toLowerCase(Locale.ROOT) + ".";
    }
}
