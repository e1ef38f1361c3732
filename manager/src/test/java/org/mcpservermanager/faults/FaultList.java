package org.mcpservermanager.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The faults that the manager must survive, from faults.txt: number, fault, what the manager does. */
final class FaultList {
    record Entry(int number, String fault, String outcome) {
        private static Entry parse(String line) {
            String[] parts = line.split("\\s*\\|\\s*", 3);
            return new Entry(Integer.parseInt(parts[0].strip()), parts[1], parts[2].strip());
        }
    }

    static final List<Entry> ALL = read();

    private FaultList() {}

    static Entry get(int number) {
        return ALL.get(number - 1);
    }

    private static List<Entry> read() {
        try (InputStream in = FaultList.class.getResourceAsStream("/faults/faults.txt")) {
            List<Entry> all = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(Entry::parse)
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).number() != i + 1) {
                    throw new IllegalStateException(
                            "faults.txt: " + all.get(i) + " (expected: number " + (i + 1) + ")");
                }
            }
            return all;
        } catch (IOException failure) {
            throw new UncheckedIOException("faults.txt", failure);
        }
    }
}
