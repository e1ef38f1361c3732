package org.mcpservermanager.it;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that runs {@code node}: skipped where Node.js 20 is missing, failed there with {@code -Dnode.required=true}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsNode.Condition.class)
public @interface NeedsNode {
    /** Asks {@code node --version}. */
    final class Condition implements ExecutionCondition {
        private static final int RELEASE_MIN = 20;
        private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String answer = nodeVersion();
            Matcher version = VERSION.matcher(answer);
            if (version.matches() && Integer.parseInt(version.group(1)) >= RELEASE_MIN) {
                return ConditionEvaluationResult.enabled("node " + answer);
            }
            String missing = "node --version: " + answer + " (expected: v" + RELEASE_MIN + " or newer)";
            if (Boolean.getBoolean("node.required")) {
                throw new IllegalStateException(missing);
            }
            return ConditionEvaluationResult.disabled(missing);
        }

        private static String nodeVersion() {
            try {
                Process node = new ProcessBuilder("node", "--version")
                        .redirectErrorStream(true)
                        .start();
                if (!node.waitFor(30, TimeUnit.SECONDS)) {
                    node.destroyForcibly();
                    return "no answer within 30 s";
                }
                return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                return e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while asking node for its version", e);
            }
        }
    }
}
