package org.mcpservermanager.gateway.modern;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

class ParamHeadersTest {
    private static final ParamHeaders TOOL =
            ParamHeaders.of("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
                    + "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"
                    + "\"deep\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}},"
                    + "\"on\":{\"type\":\"boolean\",\"x-mcp-header\":\"On\"},"
                    + "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"Item\"}},"
                    + "\"bad\":{\"type\":\"string\",\"x-mcp-header\":\"not a token\"},"
                    + "\"query\":{\"type\":\"string\"}}}}");

    private static void check(String arguments, String... headers) {
        Map<String, List<String>> mcp = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            mcp.put(headers[i], List.of(headers[i + 1]));
        }
        TOOL.check(
                Message.request("1", "tools/call", "{\"name\":\"t\",\"arguments\":" + arguments + "}"),
                new RequestHeaders("2026-07-28", mcp));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'region':'us'} | mcp-param-region | us",
                "{'region':'ü'} | mcp-param-region | =?base64?w7w=?=",
                "{'deep':{'n':42}} | mcp-param-n | 42.0",
                "{'on':true} | mcp-param-on | true",
                "{'region':null} | mcp-other | x",
                "{'list':['a'],'bad':'b','query':'q'} | mcp-other | x"
            })
    void acceptsHeadersThatSayWhatTheArgumentsSay(String arguments, String name, String value) {
        assertDoesNotThrow(() -> check(arguments.replace('\'', '"'), name, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'region':'us'} | mcp-param-region | eu",
                "{'region':'us'} | mcp-param-region | =?base64?dXM?=",
                "{'region':'us'} | mcp-other | x",
                "{'region':null} | mcp-param-region | us",
                "{} | mcp-param-region | us",
                "{'deep':{'n':42}} | mcp-param-n | 43",
                "{'deep':{'n':42}} | mcp-param-n | forty-two",
                "{'on':true} | mcp-param-on | True"
            })
    void refusesAnythingElse(String arguments, String name, String value) {
        Violation violation = assertThrows(Violation.class, () -> check(arguments.replace('\'', '"'), name, value));

        assertEquals(RpcError.HEADER_MISMATCH, violation.error().code());
    }

    @Test
    void aToolWithoutSchemaAnnotatesNothing() {
        assertDoesNotThrow(() -> ParamHeaders.of("{\"name\":\"x-mcp-header\"}")
                .check(Message.request("1", "tools/call", "{}"), new RequestHeaders("", Map.of())));
    }
}
