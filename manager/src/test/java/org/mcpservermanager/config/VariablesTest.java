package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private final Report report = new Report("f.json");
    private final Variables variables = Variables.of(Map.of("A", "1", "B_2", "${A}$1\\", "EMPTY", ""));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "$A|$A",
                "$|$",
                "${A}|1",
                "x${A}y${A}|x1y1",
                "${env:A}|1",
                "${A:-z}|1",
                "${NOT:-z}|z",
                "${env:NOT:-z z}|z z",
                "${NOT:-}|''",
                "${EMPTY}|''",
                "${EMPTY:-z}|z",
                "${B_2}|${A}$1\\",
                "$${A}|${A}",
                "$$${A}|$${A}",
                "${NOT:-a:-b}|a:-b"
            })
    void replacesReferences(String text, String expected) {
        assertEquals(expected, variables.resolve(text, "k", report));
        assertFalse(report.hasErrors(), () -> report.problems().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"${NOT}", "${env:NOT}", "a ${A} ${NOT}"})
    void namesTheVariableThatIsMissing(String text) {
        variables.resolve(text, "servers.x.env.K", report);

        ConfigProblem problem = report.problems().get(0);
        assertEquals(ConfigProblem.MISSING_VARIABLE, problem.problem().code());
        assertEquals(
                "f.json: servers.x.env.K: the variable NOT is not set",
                problem.problem().message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"${", "${A", "${}", "${input:key}", "${workspaceFolder:x}", "${A-b}", "${1A}", "${A:?x}", "${ A}"
            })
    void refusesReferencesItCannotAnswer(String text) {
        variables.resolve(text, "k", report);

        assertTrue(report.hasErrors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"${GITHUB_TOKEN}", "--key=${env:MY_API_KEY}", "${DB_PASSWORD:-x}"})
    void recognisesTheNameOfASecret(String text) {
        assertTrue(variables.namesSecret(text));
        assertFalse(variables.namesSecret("${HOME}"));
    }
}
