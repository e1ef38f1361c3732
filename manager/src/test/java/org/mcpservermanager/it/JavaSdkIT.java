package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.client.McpClient.SyncSpec;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.fixture.ConformanceServer;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** A client that others wrote: the official SDK for Java. */
@OnServer
class JavaSdkIT {
    private static final String ALL = "sdk-all";
    private static final String ECHO = "sdk-echo";
    private static ManagerUnderTest manager;
    private static Api api;

    @BeforeAll
    static void runServers() {
        manager = ManagerUnderTest.get();
        api = Api.of(manager);
        api.run(ALL, ConformanceServer.command());
        api.run(ECHO, Launching.command(EchoServer.class));
        McpClient both = api.aggregate();
        both.open();
        for (String tool : List.of(ALL + "__test_simple_text", ECHO + "__ask")) {
            Api.until(() -> both.request("tools/list", "").toString().contains(tool), () -> tool);
        }
        both.close();
    }

    @AfterAll
    static void removeServers() {
        api.remove(ALL);
        api.remove(ECHO);
    }

    private static McpSyncClient client(String path, Consumer<SyncSpec> more) {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        manager.baseUri().toString())
                .endpoint(path)
                .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + manager.adminKey()))
                .build();
        SyncSpec spec = io.modelcontextprotocol.client.McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(60))
                .initializationTimeout(Duration.ofSeconds(60));
        more.accept(spec);
        McpSyncClient client = spec.build();
        client.initialize();
        return client;
    }

    private static String text(CallToolResult result) {
        assertFalse(Boolean.TRUE.equals(result.isError()), result::toString);
        return result.content().get(0) instanceof McpSchema.TextContent text ? text.text() : result.toString();
    }

    private static McpSchema.ElicitResult accept(Map<String, Object> content) {
        return McpSchema.ElicitResult.builder(McpSchema.ElicitResult.Action.ACCEPT)
                .content(content)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"/servers/sdk-all/mcp,test_simple_text", "/mcp,sdk-all__test_simple_text"})
    void listsAndCalls(String path, String tool) {
        try (McpSyncClient client = client(path, spec -> {})) {
            Stream<String> tools = client.listTools().tools().stream().map(McpSchema.Tool::name);

            assertTrue(tools.anyMatch(tool::equals), tool);
            assertFalse(client.listResources().resources().isEmpty());
            assertFalse(client.listPrompts().prompts().isEmpty());
            assertEquals(
                    "This is a simple text response for testing.",
                    text(client.callTool(CallToolRequest.builder(tool).build())));
        }
    }

    @ParameterizedTest
    @CsvSource({"/servers/sdk-all/mcp,test_tool_with_progress", "/mcp,sdk-all__test_tool_with_progress"})
    void hearsTheProgressOfItsCall(String path, String tool) {
        List<McpSchema.ProgressNotification> heard = new CopyOnWriteArrayList<>();
        try (McpSyncClient client = client(path, spec -> spec.progressConsumer(heard::add))) {
            CallToolResult result = client.callTool(
                    CallToolRequest.builder(tool).progressToken("mine").build());

            assertEquals("Progress reported", text(result));
            Api.until(() -> heard.size() == 3, heard::toString);
            assertEquals(
                    List.of(0.0, 50.0, 100.0),
                    heard.stream().map(McpSchema.ProgressNotification::progress).toList());
            assertTrue(heard.stream().allMatch(each -> each.progressToken().equals("mine")), heard::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"/servers/sdk-all/mcp,test_elicitation", "/mcp,sdk-all__test_elicitation"})
    void isAskedForInput(String path, String tool) {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (McpSyncClient client = client(path, spec -> spec.capabilities(
                        McpSchema.ClientCapabilities.builder().elicitation().build())
                .elicitation(question -> {
                    asked.add(question.message());
                    return accept(Map.of("username", "anna", "email", "anna@example.com"));
                }))) {
            CallToolResult result = client.callTool(CallToolRequest.builder(tool)
                    .arguments(Map.of("message", "Who are you?"))
                    .build());

            String answer = text(result);
            assertTrue(answer.contains("action=accept") && answer.contains("anna@example.com"), answer);
            assertEquals(List.of("Who are you?"), asked);
        }
    }

    @ParameterizedTest
    @CsvSource({"/servers/sdk-all/mcp,test_sampling", "/mcp,sdk-all__test_sampling"})
    void isAskedForACompletion(String path, String tool) {
        try (McpSyncClient client = client(path, spec -> spec.capabilities(
                        McpSchema.ClientCapabilities.builder().sampling().build())
                .sampling(question -> McpSchema.CreateMessageResult.builder(McpSchema.Role.ASSISTANT, "42", "model")
                        .build()))) {
            CallToolResult result = client.callTool(CallToolRequest.builder(tool)
                    .arguments(Map.of("prompt", "What is the answer?"))
                    .build());

            assertEquals("LLM response: 42", text(result));
        }
    }

    /** Neither question is answered before both were asked. */
    @ParameterizedTest
    @CsvSource({"/servers/sdk-echo/mcp,ask", "/mcp,sdk-echo__ask"})
    void twoCallsThatAskAtOnceGetTheirOwnAnswers(String path, String tool) {
        CountDownLatch bothAsked = new CountDownLatch(2);
        try (McpSyncClient client = client(path, spec -> spec.capabilities(
                        McpSchema.ClientCapabilities.builder().elicitation().build())
                .elicitation(question -> {
                    bothAsked.countDown();
                    await(bothAsked);
                    return accept(Map.of("said", "answer to " + question.message()));
                }))) {
            CompletableFuture<String> first = inThreadOfItsOwn(() -> ask(client, tool, "first"));
            CompletableFuture<String> second = inThreadOfItsOwn(() -> ask(client, tool, "second"));

            assertTrue(first.orTimeout(60, TimeUnit.SECONDS).join().contains("first"), first.join());
            assertTrue(second.orTimeout(60, TimeUnit.SECONDS).join().contains("second"), second.join());
            assertFalse(first.join().contains("second"), first.join());
            assertFalse(second.join().contains("first"), second.join());
        }
    }

    /** The common pool has one thread on a machine with two processors. */
    private static CompletableFuture<String> inThreadOfItsOwn(Supplier<String> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "asks").start());
    }

    private static String ask(McpSyncClient client, String tool, String who) {
        return client.callTool(CallToolRequest.builder(tool)
                        .arguments(Map.of("kind", "elicitation", "who", who))
                        .build())
                .structuredContent()
                .toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "both questions are asked");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
