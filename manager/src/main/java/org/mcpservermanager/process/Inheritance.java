package org.mcpservermanager.process;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells the kernel that no process inherits this JVM's descriptors. Java leaves that open and closes them one by one in every
 * process it starts, which at five hundred servers takes longer than all the rest of a start. Possible where the JVM was allowed
 * native calls and opens {@code java.io}; elsewhere nothing is changed, and starts take longer.
 */
final class Inheritance {
    private static final Logger LOG = Logger.getLogger(Inheritance.class.getName());
    private static final File OPEN = new File("/proc/self/fd");
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final Inheritance LEFT_ALONE = new Inheritance(null, null);

    private final MethodHandle fcntl;
    private final Numbers numbers;

    private Inheritance(MethodHandle fcntl, Numbers numbers) {
        this.fcntl = fcntl;
        this.numbers = numbers;
    }

    static Inheritance ofThisJvm() {
        try {
            Optional<MethodHandle> fcntl = NativeCalls.threeInts("fcntl");
            if (fcntl.isPresent() && OPEN.isDirectory()) {
                Inheritance inheritance = new Inheritance(fcntl.get(), new Numbers());
                inheritance.refuseFiles();
                return inheritance;
            }
            LOG.fine("this JVM was not allowed native calls: its descriptors are closed by every process it starts");
        } catch (ReflectiveOperationException | RuntimeException closed) {
            LOG.log(Level.FINE, "descriptors of this JVM are closed by every process it starts", closed);
        }
        return LEFT_ALONE;
    }

    /** Jars and the like, open for good. Pipes and sockets may be on their way to a process that somebody else starts now. */
    private void refuseFiles() {
        String[] open = OPEN.list();
        for (String name : open == null ? new String[0] : open) {
            try {
                int number = Integer.parseInt(name);
                if (number > 2 && Files.isRegularFile(Path.of(OPEN.getPath(), name))) {
                    refuse(number);
                }
            } catch (NumberFormatException unknown) {
                LOG.log(Level.FINEST, "not a descriptor: {0}", name);
            }
        }
    }

    /** This JVM's ends of the pipes. */
    void refuse(Process started) {
        if (fcntl != null) {
            numbers.of(started.getInputStream()).ifPresent(this::refuse);
            numbers.of(started.getErrorStream()).ifPresent(this::refuse);
            numbers.of(started.getOutputStream()).ifPresent(this::refuse);
        }
    }

    private void refuse(int number) {
        try {
            int unused = (int) fcntl.invokeExact(number, F_SETFD, FD_CLOEXEC);
        } catch (Throwable failure) {
            LOG.log(Level.FINE, "descriptor " + number + " is inherited", failure);
        }
    }

    /** The numbers of descriptors behind the streams of a process. */
    private static final class Numbers {
        private final Field in = opened(FilterInputStream.class, "in");
        private final Field out = opened(FilterOutputStream.class, "out");
        private final Field number = opened(FileDescriptor.class, "fd");

        private Numbers() throws ReflectiveOperationException {}

        private static Field opened(Class<?> type, String name) throws ReflectiveOperationException {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }

        /** @param stream of a process; empty when it has no pipe, or the process has ended and its pipe is read */
        Optional<Integer> of(Object stream) {
            try {
                if (stream instanceof FilterInputStream outer && in.get(outer) instanceof FileInputStream file) {
                    return Optional.of(number.getInt(file.getFD()));
                }
                if (stream instanceof FilterOutputStream outer && out.get(outer) instanceof FileOutputStream file) {
                    return Optional.of(number.getInt(file.getFD()));
                }
            } catch (IOException | ReflectiveOperationException closed) {
                LOG.log(Level.FINEST, "a stream without a descriptor", closed);
            }
            return Optional.empty();
        }
    }
}
