package org.mcpservermanager.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/faults.md against the tests that say which fault they show. */
class FaultTableTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "faults.md");
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src", "test", "java");
    private static final String HEAD =
            """
            # Faults

            What servers, machines and operators do to a manager, and what it does about it. Each row is shown by tests, named
            `Class.method` below `manager/src/test`; those named `...IT` run in `./mvnw verify`. `FaultTableTest` makes this page.

            | | fault | what the manager does | shown by |
            | --- | --- | --- | --- |
            """;

    @Test
    void thePageIsWhatTheTestsShow() throws Exception {
        if (Boolean.getBoolean("faults.write")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "docs/faults.md is old: run with -Dfaults.write=true");
    }

    @Test
    void everyFaultIsShown() throws Exception {
        Map<Integer, List<String>> tests = tests();
        List<Integer> unproven = FaultList.ALL.stream()
                .map(FaultList.Entry::number)
                .filter(number -> !tests.containsKey(number))
                .toList();
        assertEquals(List.of(), unproven, "faults without a test");
        assertEquals(50, FaultList.ALL.size());
    }

    private static String page() throws Exception {
        Map<Integer, List<String>> tests = tests();
        return FaultList.ALL.stream()
                .map(entry -> "| " + entry.number() + " | " + entry.fault() + " | " + entry.outcome() + " | "
                        + tests.getOrDefault(entry.number(), List.of()).stream()
                                .map(test -> "`" + test + "`")
                                .collect(Collectors.joining("<br>"))
                        + " |\n")
                .collect(Collectors.joining("", HEAD, ""));
    }

    private static Map<Integer, List<String>> tests() throws Exception {
        Map<Integer, List<String>> tests = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Fault.class))
                    .sorted(java.util.Comparator.comparing(java.lang.reflect.Method::getName))
                    .forEach(method -> Arrays.stream(
                                    method.getAnnotation(Fault.class).value())
                            .forEach(number -> tests.computeIfAbsent(number, key -> new ArrayList<>())
                                    .add(type.getSimpleName() + "." + method.getName())));
        }
        return tests;
    }

    /** By their sources: what an earlier build left among the classes does not count. */
    private static List<Class<?>> testClasses() throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<String> names = files.map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> name.matches(".*(Test|IT)\\.java"))
                    .map(name ->
                            name.substring(0, name.length() - ".java".length()).replace('/', '.'))
                    .sorted()
                    .toList();
            for (String name : names) {
                types.add(Class.forName(name, false, FaultTableTest.class.getClassLoader()));
            }
        }
        return types;
    }
}
