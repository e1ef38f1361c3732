package org.mcpservermanager.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.protocol.HeaderAnnotations.Argument;

class HeaderAnnotationsTest {
    private static HeaderAnnotations read(String schema) {
        return HeaderAnnotations.of(JsonText.tree(schema.replace('\'', '"')));
    }

    @Test
    void findsWhatPropertiesAloneLeadTo() {
        HeaderAnnotations read = read("{'properties':{'a':{'type':'string','x-mcp-header':'A'},"
                + "'deep':{'type':'object','properties':{'n':{'type':['integer','null'],'x-mcp-header':'N'}}}}}");

        assertEquals(
                new HeaderAnnotations(
                        List.of(new Argument(List.of("a"), "A"), new Argument(List.of("deep", "n"), "N")), List.of()),
                read);
    }

    @Test
    void takesAPropertyOfThatNameAndExampleDataForWhatTheyAre() {
        assertEquals(
                new HeaderAnnotations(List.of(), List.of()),
                read("{'properties':{'x-mcp-header':{'type':'object','default':{'x-mcp-header':'A'}}}}"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'type':'array','items':{'type':'string','x-mcp-header':'B'}}"
                        + "| x-mcp-header at a place that is not reached by properties alone",
                "{'type':'string','x-mcp-header':'no token'} | x-mcp-header of b is no header name",
                "{'type':'string','x-mcp-header':7} | x-mcp-header of b is no header name",
                "{'type':'string','x-mcp-header':'a'} | x-mcp-header of b: two arguments have the name a",
                "{'type':'number','x-mcp-header':'B'}"
                        + "| x-mcp-header of b: its type is not string, integer or boolean",
                "{'x-mcp-header':'B'} | x-mcp-header of b: its type is not string, integer or boolean"
            })
    void tellsOfAFaultAndKeepsTheRest(String property, String fault) {
        HeaderAnnotations read = read("{'properties':{'a':{'type':'string','x-mcp-header':'A'},'b':" + property + "}}");

        assertEquals(List.of(new Argument(List.of("a"), "A")), read.arguments());
        assertEquals(List.of(fault), read.faults());
    }

    @Test
    void tellsOfOneThatAnnotatesNoArgument() {
        assertEquals(
                List.of("x-mcp-header at a place that is not reached by properties alone"),
                read("{'not':{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}}")
                        .faults());
    }

    @Test
    void goesNoDeeperThanItHasTo() {
        String schema = "{'properties':{'p':".repeat(65) + "{}" + "}}".repeat(65);

        assertEquals(List.of("its schema is deeper than 64"), read(schema).faults());
    }
}
