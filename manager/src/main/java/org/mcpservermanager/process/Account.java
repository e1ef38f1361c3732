package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A user of this machine. */
record Account(String name, long uid, long gid, String home) {
    private static final int FIELDS_OF_USER = 6;

    /** @param user a name or a number */
    static Optional<Account> find(String user) throws IOException {
        return entry("passwd", user)
                .filter(fields -> fields.size() >= FIELDS_OF_USER && isId(fields.get(2)) && isId(fields.get(3)))
                .map(fields -> new Account(
                        fields.get(0), Long.parseLong(fields.get(2)), Long.parseLong(fields.get(3)), fields.get(5)));
    }

    /** @param group a name or a number */
    static OptionalLong groupId(String group) throws IOException {
        return entry("group", group)
                .filter(fields -> fields.size() > 2 && isId(fields.get(2)))
                .map(fields -> OptionalLong.of(Long.parseLong(fields.get(2))))
                .orElse(OptionalLong.empty());
    }

    Account in(long group) {
        return new Account(name, uid, group, home);
    }

    private static boolean isId(String text) {
        return text.matches("\\d{1,10}");
    }

    /** Users may be kept elsewhere than in files; getent(1) knows where. */
    private static Optional<List<String>> entry(String database, String key) throws IOException {
        Optional<String> getent = CommandPath.ofSystem("getent");
        List<String> lines = getent.isPresent()
                ? Trial.run(List.of(getent.get(), database, key)).lines()
                : Files.readAllLines(Path.of("/etc/" + database), StandardCharsets.UTF_8);
        return lines.stream()
                .map(line -> List.of(line.split(":", -1)))
                .filter(fields -> fields.size() > 2
                        && (fields.get(0).equals(key) || fields.get(2).equals(key)))
                .findFirst();
    }
}
