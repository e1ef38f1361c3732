import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs every contestant in turn, for as many rounds as asked, and prints the medians as one Markdown table. */
final class Bench {
    private Bench() {}

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        List<Integer> sizes = Stream.of(args[2].split(",")).map(Integer::valueOf).collect(Collectors.toList());
        int idleSeconds = Integer.parseInt(args[3]);
        Set<String> only = Set.of(args[4].split(","));
        Path child = root.resolve("bench/supervisors/child.sh");
        Path directory = Files.createTempDirectory("supervisors");
        List<Contestant> contestants = new ArrayList<>();
        for (Contestant each : List.of(
                new Manager(child, root, freePort()), new Supervisord(child), new Pm2(child), ServiceDirectories.s6(child),
                ServiceDirectories.runit(child))) {
            if (!only.contains("all") && !only.contains(each.name())) {
                continue;
            }
            if (each.missing().isEmpty()) {
                contestants.add(each);
            } else {
                System.err.println(each.name() + " is left out; missing: " + each.missing());
            }
        }
        Map<String, List<Map<String, Double>>> results = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contestant each : contestants) {
                System.err.println("round " + round + ": " + each.name());
                Path place = Files.createDirectories(directory.resolve("round-" + round));
                Round measured = new Round(each, place);
                results.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(measured.figures());
                try {
                    measured.run(sizes, idleSeconds);
                } catch (IllegalStateException failed) {
                    System.err.println(each.name() + " did not finish: " + failed.getMessage());
                }
            }
        }
        print(results);
        System.err.println("Files of the run: " + directory);
        System.exit(0);
    }

    private static int freePort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void print(Map<String, List<Map<String, Double>>> results) {
        Set<String> rows = new TreeSet<>();
        results.values().forEach(all -> all.forEach(figures -> rows.addAll(figures.keySet())));
        System.out.println("| | " + String.join(" | ", results.keySet()) + " |");
        System.out.println("| --- |" + " ---: |".repeat(results.size()));
        for (String row : rows) {
            System.out.println("| " + row + " | "
                    + results.values().stream().map(all -> median(all, row)).collect(Collectors.joining(" | ")) + " |");
        }
    }

    private static String median(List<Map<String, Double>> all, String row) {
        double[] values = all.stream()
                .filter(figures -> figures.containsKey(row))
                .mapToDouble(figures -> figures.get(row))
                .sorted()
                .toArray();
        if (values.length == 0) {
            return "-";
        }
        double value = values[values.length / 2];
        if (Double.isInfinite(value)) {
            return "over " + Round.LIMIT_SECONDS + " s";
        }
        return value >= 100 || value == Math.rint(value) ? String.format("%.0f", value) : String.format("%.2f", value);
    }
}
