package org.mcpservermanager.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

/** The server that makes the first tools/call work: it comes with the application and needs only the JVM that runs us. */
final class DemoServer {
    private DemoServer() {}

    static ServerSpec spec(StateDirectory state) {
        Path jar = state.extract("/demo/mcp-demo-server.jar", "mcp-demo-server.jar");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> args = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-jar", jar.toString());
        return ServerSpec.of(
                new ServerId("demo"), new Wire.Stdio(java, args, Map.of(), ""), "the demo server of the application");
    }
}
