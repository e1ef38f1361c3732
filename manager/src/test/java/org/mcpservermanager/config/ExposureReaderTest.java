package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Quota;

class ExposureReaderTest {
    private static Exposure exposure(String members) {
        return ConfigReaderTest.only("[{\"id\":\"a\",\"command\":\"c\"" + members + "}]")
                .exposure();
    }

    @Test
    void showsEverythingByDefault() {
        assertEquals(Exposure.ALL, exposure(""));
    }

    @Test
    void readsOurKeys() {
        Exposure exposure = exposure(
                """
                ,"enabled_tools":["a*"],"disabled_tools":["ab"],"tool_names":{"aa":"x"},"tool_descriptions":{"aa":"d"},
                "enabled_prompts":["p"],"disabled_prompts":["q"],"prompt_names":{"p":"pp"},"prompt_descriptions":{"p":"e"},
                "enabled_resources":["file:///*"],"disabled_resources":["file:///etc/*"]
                """);
        assertEquals(
                new Exposure(
                        new Exposure.Named(
                                new NameFilter(List.of("a*"), List.of("ab")), Map.of("aa", "x"), Map.of("aa", "d")),
                        new Exposure.Named(
                                new NameFilter(List.of("p"), List.of("q")), Map.of("p", "pp"), Map.of("p", "e")),
                        new NameFilter(List.of("file:///*"), List.of("file:///etc/*"))),
                exposure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"disabledTools\":[\"x*\"]                                    | xa,y | y",
                "\"enabledTools\":[\"x*\"]                                     | xa,y | xa",
                "\"excludeTools\":[\"y\"]                                      | xa,y | xa",
                "\"includeTools\":[\"y\"]                                      | xa,y | y",
                "\"tools\":[\"*\"]                                             | xa,y | xa,y",
                "\"tools\":[\"y\"]                                             | xa,y | y",
                "\"tools\":{\"y\":{\"enabled\":false}}                         | xa,y | xa",
                "\"options\":{\"toolFilter\":{\"mode\":\"allow\",\"list\":[\"y\"]}} | xa,y | y",
                "\"options\":{\"toolFilter\":{\"mode\":\"block\",\"list\":[\"y\"]}} | xa,y | xa",
                "\"options\":{\"toolFilter\":{\"list\":[\"y\"]}}                | xa,y | xa",
                "\"enabledTools\":[]                                           | xa,y | ``"
            })
    void readsWhatOtherGatewaysCallIt(String member, String names, String shown) {
        NameFilter filter = exposure("," + member).tools().filter();
        assertEquals(
                shown,
                String.join(
                        ",",
                        List.of(names.split(",")).stream()
                                .filter(filter::admits)
                                .toList()));
    }

    @Test
    void takesDescriptionsByTool() {
        assertEquals(
                Map.of("a", "d", "b", "e"),
                exposure(",\"toolDescriptionOverrides\":{\"a\":\"d\"},\"tools\":{\"b\":{\"description\":\"e\"}}")
                        .tools()
                        .descriptions());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tool_names\":{\"a\":\"x y\"}           | tool_names: \"x y\" (expected: 1 to 64 of A-Z",
                "\"tool_names\":{\"a\":\"x\",\"b\":\"x\"} | tool_names: \"x\" is given twice",
                "\"enabledTools\":\"x\"                   | enabledTools: a value of type string (expected: an array",
                "\"disabledTools\":[\"\"]                 | disabledTools: 1 patterns (expected: at most 1000, each of 1",
                "\"tools\":7                              | tools: a value of type number (expected: an array",
                "\"tools\":{\"a\":1}                      | tools.a: a value of type number (expected: an object",
                "\"options\":{\"toolFilter\":{\"mode\":\"x\"}} | options.toolFilter.mode: \"x\" (expected: one of allow",
                "\"max_concurrent_requests\":-1           | max_concurrent_requests: -1 (expected: an integer from 0"
            })
    void saysWhatIsWrong(String member, String problem) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\"," + member + "}]");
        String all = loaded.problems().toString();
        assertTrue(all.contains(problem), all);
        assertEquals(List.of(), loaded.specs());
    }

    @Test
    void readsTheQuota() {
        assertEquals(
                new Quota(3, 20, false),
                ConfigReaderTest.only("[{\"id\":\"a\",\"command\":\"c\",\"maxConcurrentRequests\":3,"
                                + "\"request_rate_limit\":20,\"repeat_lost_calls\":false}]")
                        .quota());
    }
}
