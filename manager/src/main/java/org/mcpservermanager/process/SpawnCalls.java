package org.mcpservermanager.process;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions of the C library that make pipes and processes. */
final class SpawnCalls {
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final int SETCGROUP = 0x100;
    private static final int DIRECTORY = 0200000;
    private static final int NONE = -1;
    /** More than any C library takes for one of its types. */
    private static final int TYPE_BYTES = 512;

    /** Behind the pid. */
    private static final int ACTIONS_AT = Long.BYTES;

    private static final int ATTRIBUTES_AT = ACTIONS_AT + TYPE_BYTES;
    private static final int LISTS_AT = ATTRIBUTES_AT + TYPE_BYTES;
    private static final int MEMORY_USUAL = 64 << 10;
    private final ThreadLocal<NativeMemory> memory;
    private final NativeMemory signals;
    /** Where no control group of version 2 is named: always the same, so only once. */
    private final NativeMemory leading;

    private final NativeMemory following;
    private final NativeCalls calls;
    private final MethodHandle pipe2;
    private final MethodHandle spawn;
    private final MethodHandle init;
    private final MethodHandle dup2;
    private final MethodHandle chdir;
    private final MethodHandle closeFrom;
    private final MethodHandle destroy;
    private final MethodHandle initAttributes;
    private final MethodHandle setFlags;
    private final MethodHandle setMask;
    private final MethodHandle setDefault;
    private final MethodHandle open;
    /** Since glibc 2.39. */
    private final Optional<MethodHandle> setGroup;

    SpawnCalls(NativeCalls calls) throws ReflectiveOperationException {
        this.calls = calls;
        pipe2 = calls.function("pipe2", int.class, long.class, int.class);
        spawn = calls.function(
                "posix_spawn", int.class, long.class, long.class, long.class, long.class, long.class, long.class);
        String actions = "posix_spawn_file_actions_";
        init = calls.function(actions + "init", int.class, long.class);
        dup2 = calls.function(actions + "adddup2", int.class, long.class, int.class, int.class);
        chdir = calls.function(actions + "addchdir_np", int.class, long.class, long.class);
        closeFrom = calls.function(actions + "addclosefrom_np", int.class, long.class, int.class);
        destroy = calls.function(actions + "destroy", int.class, long.class);
        memory = ThreadLocal.withInitial(() -> new NativeMemory(calls, MEMORY_USUAL));
        String attributes = "posix_spawnattr_";
        initAttributes = calls.function(attributes + "init", int.class, long.class);
        setFlags = calls.function(attributes + "setflags", int.class, long.class, int.class);
        setMask = calls.function(attributes + "setsigmask", int.class, long.class, long.class);
        setDefault = calls.function(attributes + "setsigdefault", int.class, long.class, long.class);
        setGroup = ifAny(calls, attributes + "setcgroup_np", int.class, long.class, int.class);
        open = calls.function("open", int.class, long.class, int.class, int.class);
        signals = signals(calls);
        leading = attributes(true);
        following = attributes(false);
    }

    private NativeMemory attributes(boolean leads) throws ReflectiveOperationException {
        NativeMemory attributes = new NativeMemory(calls, TYPE_BYTES);
        try {
            describe(attributes.address(0), leads, NONE);
        } catch (Throwable failure) {
            throw new ReflectiveOperationException("the C library does not describe processes", failure);
        }
        return attributes;
    }

    private static Optional<MethodHandle> ifAny(NativeCalls calls, String name, Class<?> result, Class<?>... types)
            throws ReflectiveOperationException {
        try {
            return Optional.of(calls.function(name, result, types));
        } catch (NoSuchMethodException older) {
            return Optional.empty();
        }
    }

    /** A set without any, and one with all, also with those that sigfillset(3) leaves out: they would be ignored for ever. */
    private static NativeMemory signals(NativeCalls calls) {
        NativeMemory sets = new NativeMemory(calls, 2 * TYPE_BYTES);
        for (int at = TYPE_BYTES; at < 2 * TYPE_BYTES; at += Long.BYTES) {
            sets.putLong(at, -1);
        }
        return sets;
    }

    /** Whether a process can be born in a control group of version 2. */
    boolean knowsGroups() {
        return setGroup.isPresent();
    }

    private static void check(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException(what + ": error=" + error);
        }
    }

    /** @return its end for reading, and that for writing; no other process inherits them */
    int[] pipe() throws IOException {
        NativeMemory ends = memory.get();
        ends.reserve(2 * Integer.BYTES);
        int result;
        try {
            result = (int) pipe2.invokeExact(ends.address(0), NativeCalls.CLOEXEC);
        } catch (Throwable failure) {
            throw NativeCalls.failed("pipe2", failure);
        }
        check("pipe2", result == 0 ? 0 : NativeCalls.TOO_MANY_OPEN);
        return new int[] {ends.getInt(0), ends.getInt(Integer.BYTES)};
    }

    /**
     * @param leads whether it shall lead a session of its own
     * @param group directory of a control group of version 2 to be born in; empty: that of this JVM
     * @param descriptors all that it inherits: its standard input, output and error output
     * @return the pid
     */
    int spawn(
            List<String> command,
            Map<String, String> environment,
            File directory,
            boolean leads,
            Optional<Path> group,
            int... descriptors)
            throws IOException {
        Charset charset = Preflight.charsetOfProcesses();
        List<byte[]> arguments =
                command.stream().map(part -> part.getBytes(charset)).toList();
        List<byte[]> variables = environment.entrySet().stream()
                .map(variable -> (variable.getKey() + "=" + variable.getValue()).getBytes(charset))
                .toList();
        byte[] place = directory.getPath().getBytes(charset);
        byte[] groupName = group.map(Path::toString).orElse("").getBytes(charset);
        int texts = LISTS_AT + (arguments.size() + variables.size() + 2) * Long.BYTES;
        NativeMemory own = memory.get();
        own.reserve(texts + place.length + groupName.length + 2 + length(arguments) + length(variables));
        own.skipTo(texts);
        long placeAt = own.text(place);
        long groupAt = own.text(groupName);
        int variablesAt = own.texts(LISTS_AT, arguments);
        own.texts(variablesAt, variables);
        long actions = own.address(ACTIONS_AT);
        int opened = NONE;
        boolean begun = false;
        try {
            opened = group.isPresent() ? open(groupAt) : NONE;
            check("posix_spawn_file_actions_init", (int) init.invokeExact(actions));
            begun = true;
            prepare(actions, placeAt, descriptors);
            long attributes = (leads ? leading : following).address(0);
            if (opened != NONE) {
                attributes = own.address(ATTRIBUTES_AT);
                describe(attributes, leads, opened);
            }
            int error = (int) spawn.invokeExact(
                    own.address(0),
                    own.getLong(LISTS_AT),
                    actions,
                    attributes,
                    own.address(LISTS_AT),
                    own.address(variablesAt));
            check("Cannot run program \"" + command.get(0) + "\"", error);
            return own.getInt(0);
        } catch (Throwable failure) {
            throw NativeCalls.failed("posix_spawn", failure);
        } finally {
            if (begun) {
                forget(actions);
            }
            if (opened != NONE) {
                calls.close(opened);
            }
        }
    }

    private int open(long directory) throws Throwable {
        int opened = (int) open.invokeExact(directory, DIRECTORY | NativeCalls.CLOEXEC, 0);
        if (opened < 0) {
            throw NativeCalls.exhausted("open");
        }
        return opened;
    }

    private void prepare(long actions, long directory, int... descriptors) throws Throwable {
        for (int i = 0; i < descriptors.length; i++) {
            check("posix_spawn_file_actions_adddup2", (int) dup2.invokeExact(actions, descriptors[i], i));
        }
        check("posix_spawn_file_actions_addchdir", (int) chdir.invokeExact(actions, directory));
        check("posix_spawn_file_actions_addclosefrom", (int) closeFrom.invokeExact(actions, descriptors.length));
    }

    /** No signal is blocked or ignored, whatever became of the thread that starts it. */
    private void describe(long attributes, boolean leads, int group) throws Throwable {
        int flags = SETSIGDEF | SETSIGMASK | (leads ? SETSID : 0) | (group == NONE ? 0 : SETCGROUP);
        check("posix_spawnattr_init", (int) initAttributes.invokeExact(attributes));
        check("posix_spawnattr_setflags", (int) setFlags.invokeExact(attributes, flags));
        check("posix_spawnattr_setsigmask", (int) setMask.invokeExact(attributes, signals.address(0)));
        check("posix_spawnattr_setsigdefault", (int) setDefault.invokeExact(attributes, signals.address(TYPE_BYTES)));
        if (group != NONE) {
            check("posix_spawnattr_setcgroup_np", (int) setGroup.orElseThrow().invokeExact(attributes, group));
        }
    }

    private void forget(long actions) throws IOException {
        try {
            int unused = (int) destroy.invokeExact(actions);
        } catch (Throwable failure) {
            throw NativeCalls.failed("posix_spawn_file_actions_destroy", failure);
        }
    }

    private static int length(List<byte[]> texts) {
        return texts.stream().mapToInt(text -> text.length + 1).sum();
    }
}
