package org.mcpservermanager.process;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One directory of a control group file system, with what a server may have made below it.
 *
 * @param unified whether it is of version 2
 */
record ControlGroup(Path directory, boolean unified) {
    private static final Logger LOG = Logger.getLogger(ControlGroup.class.getName());
    private static final int LINKS_WITHOUT_CHILDREN = 2;
    private static final int DEEP_MAX = 16;

    /** One that exists. */
    static ControlGroup at(Path directory) {
        return new ControlGroup(directory, !Files.exists(directory.resolve("tasks")));
    }

    ControlGroup child(String name) {
        return new ControlGroup(directory.resolve(name), unified);
    }

    void make() throws IOException {
        Files.createDirectories(directory);
    }

    boolean exists() {
        return Files.isDirectory(directory);
    }

    /** All living processes in it. */
    List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        collect(directory, pids, DEEP_MAX);
        return pids;
    }

    private static void collect(Path group, List<Long> pids, int deep) {
        try {
            KernelFile.text(group + "/cgroup.procs").lines().map(Long::valueOf).forEach(pids::add);
            if (deep > 0 && (int) Files.getAttribute(group, "unix:nlink") > LINKS_WITHOUT_CHILDREN) {
                for (Path child : children(group)) {
                    collect(child, pids, deep - 1);
                }
            }
        } catch (FileNotFoundException gone) {
            LOG.log(Level.FINEST, "control group {0} is gone", group);
        } catch (IOException failure) {
            // The kernel says ENODEV of a group that is being removed.
            LOG.log(Level.FINE, "control group " + group + " cannot be read", failure);
        }
    }

    private static List<Path> children(Path group) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
            entries.forEach(children::add);
        } catch (java.nio.file.DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return children;
    }

    List<ControlGroup> children() {
        try {
            return exists() ? children(directory).stream().map(this::below).toList() : List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException("control group " + directory + " cannot be listed", failure);
        }
    }

    private ControlGroup below(Path child) {
        return new ControlGroup(child, unified);
    }

    void thaw() {
        write("cgroup.freeze", "0");
        write("freezer.state", "THAWED");
    }

    /** Nobody inside can fork meanwhile, so that one pass meets all. Where the kernel ends all at once, it has done so first. */
    void kill(Runnable oneByOne) {
        write("cgroup.kill", "1");
        write("freezer.state", "FROZEN");
        try {
            oneByOne.run();
        } finally {
            thaw();
        }
    }

    boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    /** Does nothing when the kernel has no such file. */
    private void write(String file, String value) {
        if (has(file)) {
            try {
                set(file, value);
            } catch (IOException failure) {
                LOG.log(Level.FINE, file + " of control group " + directory + " was not written", failure);
            }
        }
    }

    void set(String file, String value) throws IOException {
        KernelFile.write(directory + "/" + file, value);
    }

    /** A number that the kernel counts in such a file, a name and a number in each line; 0 when it does not. */
    long count(String file, String name) {
        if (!has(file)) {
            return 0;
        }
        try {
            return KernelFile.text(directory + "/" + file)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                    .sum();
        } catch (IOException gone) {
            LOG.log(Level.FINE, file + " of control group " + directory + " cannot be read", gone);
            return 0;
        }
    }

    /** @return false while the kernel still holds it */
    boolean remove() {
        return removeAlone() || removeWithChildren();
    }

    private boolean removeAlone() {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (IOException busy) {
            LOG.log(Level.FINEST, "control group " + directory + " has children, or processes", busy);
            return false;
        }
    }

    private boolean removeWithChildren() {
        try {
            return children(directory).stream().map(this::below).allMatch(ControlGroup::remove) && removeAlone();
        } catch (IOException failure) {
            LOG.log(Level.FINE, "control group " + directory + " cannot be removed yet", failure);
            return false;
        }
    }
}
