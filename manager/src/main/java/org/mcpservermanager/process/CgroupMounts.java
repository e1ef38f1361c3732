package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where this JVM's own control groups are in the file system: only below them may it be allowed to make others. */
record CgroupMounts(List<String> mountInfo, List<String> membership) {
    /** Both empty on machines without control groups. */
    static CgroupMounts ofThisJvm() {
        try {
            return new CgroupMounts(
                    Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1),
                    Files.readAllLines(Path.of("/proc/self/cgroup"), StandardCharsets.ISO_8859_1));
        } catch (IOException none) {
            return new CgroupMounts(List.of(), List.of());
        }
    }

    /** Version 2. */
    Optional<Path> unified() {
        return find("cgroup2", "", "");
    }

    /** Version 1, by controller. */
    Optional<Path> controller(String name) {
        return find("cgroup", name, name);
    }

    private Optional<Path> find(String type, String option, String controllers) {
        return membership.stream()
                .map(line -> line.split(":", 3))
                .filter(own -> own.length == 3 && List.of(own[1].split(",")).contains(controllers))
                .flatMap(own -> mountInfo.stream().flatMap(line -> place(line, type, option, own[2]).stream()))
                .findFirst();
    }

    /** A mount shows the tree from its own root on; our group may lie outside of it. */
    private static Optional<Path> place(String line, String type, String option, String own) {
        int separator = line.indexOf(" - ");
        String[] mount = line.split(" ");
        String[] kind =
                separator < 0 ? new String[0] : line.substring(separator + 3).split(" ");
        if (kind.length < 3
                || !kind[0].equals(type)
                || (!option.isEmpty() && !List.of(kind[2].split(",")).contains(option))) {
            return Optional.empty();
        }
        Path root = Path.of(plain(mount[3]));
        Path group = Path.of(own);
        return group.startsWith(root)
                ? Optional.of(Path.of(plain(mount[4])).resolve(root.relativize(group)))
                : Optional.empty();
    }

    private static String plain(String escaped) {
        return escaped.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
