package org.mcpservermanager;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The arrows between the packages run one way; docs/architecture.md has the same table. */
class ArchitectureTest {
    private static final String BASE = "org.mcpservermanager.";
    private static final Map<String, List<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            arrows("server"),
            arrows("protocol"),
            arrows("custom"),
            arrows("stream"),
            arrows("config", "server"),
            arrows("process", "server"),
            arrows("logs", "server"),
            arrows("security", "server"),
            arrows("store", "server"),
            arrows("transport", "server", "protocol", "process"),
            arrows("conversation", "server", "protocol", "transport"),
            arrows("health", "server", "protocol", "conversation", "process"),
            arrows("supervision", "server", "protocol", "custom", "process", "transport", "conversation", "health"),
            arrows("routing", "server", "protocol", "conversation", "supervision"),
            arrows("gateway", "server", "protocol", "conversation", "routing", "security", "stream"),
            arrows("manage", "server", "config", "supervision", "routing", "security", "stream")));
    private static final List<String> CORE = List.of(
            "server",
            "protocol",
            "custom",
            "config",
            "process",
            "logs",
            "transport",
            "conversation",
            "health",
            "supervision",
            "routing");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.mcpservermanager");

    private static Map.Entry<String, List<String>> arrows(String from, String... to) {
        return Map.entry(from, Arrays.asList(to));
    }

    @Test
    void classesWereSeen() {
        for (String name : MAY_USE.keySet()) {
            boolean seen = CLASSES.stream().anyMatch(type -> isIn(type, name));
            assertTrue(seen, "no class seen in package " + name);
        }
    }

    @Test
    void arrowsRunOneWay() {
        MAY_USE.forEach((from, to) -> noClasses()
                .that(in(from))
                .should()
                .dependOnClassesThat(inNoneOf(from, to))
                .allowEmptyShould(true)
                .check(CLASSES));
    }

    @Test
    void theCoreIsPlainJava() {
        noClasses()
                .that(inAnyOf(CORE))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "javax.management..",
                        "jakarta.annotation..",
                        "jakarta.ejb..",
                        "jakarta.enterprise..",
                        "jakarta.inject..",
                        "jakarta.persistence..",
                        "jakarta.servlet..",
                        "jakarta.ws..")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> in(String name) {
        return DescribedPredicate.describe("are in " + name, type -> isIn(type, name));
    }

    private static DescribedPredicate<JavaClass> inAnyOf(List<String> names) {
        return DescribedPredicate.describe(
                "are in the core", type -> names.stream().anyMatch(name -> isIn(type, name)));
    }

    private static DescribedPredicate<JavaClass> inNoneOf(String from, List<String> allowed) {
        return DescribedPredicate.describe(
                "are ours, but not of " + from + " or " + allowed,
                type -> type.getPackageName().startsWith(BASE)
                        && !isIn(type, from)
                        && allowed.stream().noneMatch(name -> isIn(type, name)));
    }

    private static boolean isIn(JavaClass type, String name) {
        String own = type.getPackageName() + ".";
        return own.startsWith(BASE + name + ".");
    }
}
