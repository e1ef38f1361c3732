package org.mcpservermanager.demo;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Serves MCP on stdin and stdout until the end of input; stderr is for people. */
public final class DemoServer {
    private static final Duration TICK = Duration.ofSeconds(1);

    private DemoServer() {}

    public static void main(String[] args) throws IOException {
        if (args.length > 0) {
            System.err.println("mcp-demo-server takes no arguments; it speaks MCP on stdin and stdout.");
            System.exit(2);
        }
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        // Whoever prints to System.out by accident must not break the protocol.
        System.setOut(err);
        err.println("mcp-demo-server: pid " + ProcessHandle.current().pid() + ", MCP "
                + String.join(", ", Session.REVISIONS) + " on stdio");
        serve(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), err, TICK);
    }

    static void serve(InputStream in, OutputStream out, PrintStream err, Duration tick) throws IOException {
        Rpc rpc = new Rpc(in, out, text -> err.println("mcp-demo-server: " + text));
        try (Ticks ticks = new Ticks(rpc, tick)) {
            rpc.serve(new Demo(rpc, ticks));
        }
    }
}
