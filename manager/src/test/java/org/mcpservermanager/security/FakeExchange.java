package org.mcpservermanager.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request and its response, without a container. A call that is not expected fails the test. */
final class FakeExchange {
    String remoteAddress = "127.0.0.1";
    String localAddress = "127.0.0.1";
    String url = "http://localhost:8080/mcp";
    String protocol = "HTTP/1.1";
    String method = "POST";
    DispatcherType dispatch = DispatcherType.REQUEST;
    final Map<String, Object> attributes = new HashMap<>();
    final Map<String, String> responseHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = 200;
    HttpServletRequest passedOn;

    FakeExchange header(String name, String value) {
        headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    static FakeExchange local() {
        return new FakeExchange().header("Host", "localhost:8080");
    }

    FakeExchange through(AuthFilter filter) throws IOException, ServletException {
        FilterChain chain = (ServletRequest request, jakarta.servlet.ServletResponse response) ->
                passedOn = (HttpServletRequest) request;
        filter.doFilter(request(), response(), chain);
        return this;
    }

    String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("JdkObsolete") // the servlet API asks for a StringBuffer
    private HttpServletRequest request() {
        return proxy(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getRemoteAddr" -> remoteAddress;
            case "getLocalAddr" -> localAddress;
            case "getMethod" -> method;
            case "getProtocol" -> protocol;
            case "getDispatcherType" -> dispatch;
            case "getRequestURL" -> new StringBuffer(url);
            case "getHeaders" -> Collections.enumeration(headers.getOrDefault(arguments[0], List.of()));
            case "getHeader" ->
                headers.getOrDefault(arguments[0], List.of()).stream()
                        .findFirst()
                        .orElse(null);
            case "getHeaderNames" -> Collections.enumeration(headers.keySet());
            case "getAttribute" -> attributes.get(arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "removeAttribute" -> attributes.remove(arguments[0]);
            default -> throw new AssertionError("unexpected " + name);
        });
    }

    private HttpServletResponse response() {
        return proxy(HttpServletResponse.class, (name, arguments) -> switch (name) {
            case "setHeader" -> responseHeaders.put((String) arguments[0], (String) arguments[1]);
            case "setContentType" -> responseHeaders.put("Content-Type", (String) arguments[0]);
            case "setStatus" -> setStatus((Integer) arguments[0]);
            case "setContentLength" -> null;
            case "getOutputStream" -> output();
            default -> throw new AssertionError("unexpected " + name);
        });
    }

    private int setStatus(int code) {
        status = code;
        return code;
    }

    private ServletOutputStream output() {
        return new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new AssertionError("unexpected setWriteListener");
            }

            @Override
            public void write(int oneByte) {
                body.write(oneByte);
            }
        };
    }

    private interface Answers {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = answers.to(method.getName(), arguments);
                    return method.getReturnType() == void.class ? null : answer;
                }));
    }
}
