package org.mcpservermanager.manage.rest;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.security.Refusal;
import org.mcpservermanager.security.RefusedException;

/** Whatever goes wrong, the client reads JSON and no stack trace. */
@Provider
public final class FailureMapper implements ExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable failure) {
        return failure instanceof RefusedException refused
                ? refused(refused.refusal())
                : Replies.response(Reply.of(Problems.of(failure)));
    }

    private static Response refused(Refusal refusal) {
        Response response = Replies.response(
                Reply.of(refusal.status(), ProblemJson.of(refusal.problem()).build()));
        if (!refusal.challenge().isEmpty()) {
            response.getHeaders().add("WWW-Authenticate", refusal.challenge());
        }
        return response;
    }
}
