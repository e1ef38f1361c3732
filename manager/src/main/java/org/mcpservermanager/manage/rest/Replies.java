package org.mcpservermanager.manage.rest;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes our JSON as it is; the JSON providers of the servers differ on strings and bytes. */
@Provider
public final class Replies implements MessageBodyWriter<Reply> {
    static Response response(Reply reply) {
        Response.ResponseBuilder response = Response.status(reply.status()).header("Cache-Control", "no-store");
        return reply.json().isEmpty()
                ? response.build()
                : response.entity(reply).type(MediaType.APPLICATION_JSON_TYPE).build();
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == Reply.class;
    }

    @Override
    public void writeTo(
            Reply reply,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        out.write(reply.bytes());
    }
}
