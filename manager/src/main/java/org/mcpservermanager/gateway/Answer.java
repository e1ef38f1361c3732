package org.mcpservermanager.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;

/** A whole HTTP answer. */
record Answer(int status, Map<String, String> headers, byte[] body) {
    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int NOT_ACCEPTABLE = 406;
    static final int UNSUPPORTED_MEDIA_TYPE = 415;
    static final int TOO_MANY_REQUESTS = 429;
    static final int INTERNAL_ERROR = 500;

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer json(byte[] body, Map<String, String> headers) {
        return new Answer(OK, headers, body);
    }

    /** A JSON-RPC error; {@code id} is raw, empty when there is none. */
    static Answer error(int status, String id, RpcError error) {
        return new Answer(status, Map.of(), Message.error(id, error).bytes());
    }

    /** A refusal outside of JSON-RPC. */
    static Answer problem(int status, Problem problem) {
        String body = "{\"error\":{\"code\":" + JsonText.quote(problem.code()) + ",\"message\":"
                + JsonText.quote(problem.message()) + ",\"remedy\":" + JsonText.quote(problem.remedy()) + "}}";
        return new Answer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    Answer with(String header, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Answer that
                && status == that.status
                && headers.equals(that.headers)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * status + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "Answer[" + status + ", " + headers.keySet() + ", " + body.length + " bytes]";
    }
}
