package org.mcpservermanager.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces ${NAME}, ${env:NAME} and ${NAME:-otherwise} (taken when the variable is not set or empty). $${ stands for ${. Any
 * other reference cannot be answered here, and is an error.
 */
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{)|\\$\\{([^}]*)(}?)");
    private static final Pattern NAME =
            Pattern.compile("(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?:(:-)(.*))?", Pattern.DOTALL);
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(TOKEN|SECRET|PASSW|PWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL).*");
    private final Map<String, String> values;
    private final boolean literal;

    private Variables(Map<String, String> values, boolean literal) {
        this.values = Map.copyOf(values);
        this.literal = literal;
    }

    static Variables of(Map<String, String> values) {
        return new Variables(values, false);
    }

    /** Replaces nothing: for what was resolved before. */
    static Variables none() {
        return new Variables(Map.of(), true);
    }

    /** The same, but a reference to this name stays as it is. */
    Variables keeping(String name) {
        Map<String, String> more = new HashMap<>(values);
        more.put(name, "${" + name + "}");
        return new Variables(more, literal);
    }

    String resolve(String text, String key, Report report) {
        if (literal || !text.contains("${")) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1) != null ? "${" : value(matcher, key, report);
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }

    boolean namesSecret(String text) {
        return !literal
                && REFERENCE
                        .matcher(text)
                        .results()
                        .anyMatch(r ->
                                r.group(2) != null && SECRET.matcher(r.group(2)).matches());
    }

    private String value(Matcher reference, String key, Report report) {
        String inner = reference.group(2);
        Matcher name = NAME.matcher(inner);
        if (reference.group(3).isEmpty() || !name.matches()) {
            report.error(
                    key,
                    "${" + inner.replaceFirst("(?s)[^A-Za-z0-9_:.].*", "…")
                            + "} cannot be resolved (expected: ${NAME}, ${env:NAME} or ${NAME:-otherwise})",
                    "Use an environment variable of the manager, or write $${ for a plain ${.");
            return "";
        }
        String value = values.get(name.group(1));
        boolean hasOtherwise = name.group(2) != null;
        if (hasOtherwise) {
            return value == null || value.isEmpty() ? name.group(3) : value;
        }
        if (value == null) {
            report.add(
                    ConfigProblem.Severity.ERROR,
                    ConfigProblem.MISSING_VARIABLE,
                    key,
                    "the variable " + name.group(1) + " is not set",
                    "Set " + name.group(1) + " in the environment of the manager, or write ${" + name.group(1)
                            + ":-otherwise}.");
            return "";
        }
        return value;
    }
}
