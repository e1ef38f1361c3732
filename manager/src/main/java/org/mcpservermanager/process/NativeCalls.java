package org.mcpservermanager.process;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Functions of the C library, by reflection: this is Java 17, whose way to call them was an incubator, and the lasting one came with
 * Java 22. Only where the JVM was started so that it is allowed, since it warns otherwise. Pointers are {@code long}: 64-bit systems
 * pass both alike.
 */
abstract class NativeCalls {
    static final int TOO_MANY_OPEN = 24;
    static final int CLOEXEC = 02000000;
    private static final Logger LOG = Logger.getLogger(NativeCalls.class.getName());
    private MethodHandle close; // set once, before anybody has this

    private NativeCalls() {}

    static Optional<NativeCalls> ofThisJvm() throws ReflectiveOperationException {
        Optional<NativeCalls> allowed = allowed(Runtime.version().feature());
        if (allowed.isPresent()) {
            allowed.get().close = allowed.get().function("close", int.class, int.class);
        }
        return allowed;
    }

    private static Optional<NativeCalls> allowed(int release) throws ReflectiveOperationException {
        if (release >= 22) {
            Object enabled = Module.class.getMethod("isNativeAccessEnabled").invoke(NativeCalls.class.getModule());
            return Boolean.TRUE.equals(enabled) ? Optional.of(new Lasting()) : Optional.empty();
        }
        return release == 17
                        && ModuleLayer.boot()
                                .findModule("jdk.incubator.foreign")
                                .isPresent()
                ? Optional.of(new Incubating())
                : Optional.empty();
    }

    final void close(int descriptor) {
        try {
            int unused = (int) close.invokeExact(descriptor);
        } catch (Throwable failure) {
            LOG.log(Level.WARNING, "descriptor " + descriptor + " stays open", failure);
        }
    }

    /**
     * @param types of the arguments: {@code int} and {@code long} only, as the result
     * @throws NoSuchMethodException the C library has no such function
     */
    final MethodHandle function(String name, Class<?> result, Class<?>... types) throws ReflectiveOperationException {
        Object address = find(name).orElse(null);
        if (address == null) {
            throw new NoSuchMethodException("the C library has no function " + name);
        }
        return link(address, result, types);
    }

    abstract Optional<?> find(String name) throws ReflectiveOperationException;

    abstract MethodHandle link(Object address, Class<?> result, Class<?>... types) throws ReflectiveOperationException;

    abstract long address(ByteBuffer direct) throws ReflectiveOperationException;

    /** What a call can fail with, but for the function's own result. */
    static IOException failed(String function, Throwable failure) {
        if (failure instanceof IOException told) {
            return told;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new IOException(function + " could not be called", failure);
    }

    /** The JVM itself may have overwritten the number of the error: this is the one that can be expected. */
    static IOException exhausted(String function) {
        return new IOException(function + ": error=" + TOO_MANY_OPEN + ", too many open files");
    }

    /** {@code FunctionDescriptor.of(result, arguments)} */
    private static Object descriptor(
            Class<?> descriptor, Class<?> layout, Object ofInt, Object ofLong, Class<?> result, Class<?>[] types)
            throws ReflectiveOperationException {
        Object arguments = Array.newInstance(layout, types.length);
        for (int i = 0; i < types.length; i++) {
            Array.set(arguments, i, types[i] == int.class ? ofInt : ofLong);
        }
        return descriptor
                .getMethod("of", layout, layout.arrayType())
                .invoke(null, result == int.class ? ofInt : ofLong, arguments);
    }

    private static final class Lasting extends NativeCalls {
        private static final String API = "java.lang.foreign.";
        private final Class<?> linkerType = Class.forName(API + "Linker");
        private final Class<?> option = Class.forName(API + "Linker$Option");
        private final Class<?> segment = Class.forName(API + "MemorySegment");
        private final Class<?> descriptor = Class.forName(API + "FunctionDescriptor");
        private final Class<?> layout = Class.forName(API + "MemoryLayout");
        private final Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        private final Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
        private final Method find = Class.forName(API + "SymbolLookup").getMethod("find", String.class);
        private final Method link = linkerType.getMethod("downcallHandle", segment, descriptor, option.arrayType());
        private final Object ofInt =
                Class.forName(API + "ValueLayout").getField("JAVA_INT").get(null);
        private final Object ofLong =
                Class.forName(API + "ValueLayout").getField("JAVA_LONG").get(null);

        private Lasting() throws ReflectiveOperationException {}

        @Override
        Optional<?> find(String name) throws ReflectiveOperationException {
            return (Optional<?>) find.invoke(lookup, name);
        }

        @Override
        MethodHandle link(Object address, Class<?> result, Class<?>... types) throws ReflectiveOperationException {
            return (MethodHandle) link.invoke(
                    linker,
                    address,
                    descriptor(descriptor, layout, ofInt, ofLong, result, types),
                    Array.newInstance(option, 0));
        }

        @Override
        long address(ByteBuffer direct) throws ReflectiveOperationException {
            Object memory = segment.getMethod("ofBuffer", java.nio.Buffer.class).invoke(null, direct);
            return (long) segment.getMethod("address").invoke(memory);
        }
    }

    private static final class Incubating extends NativeCalls {
        private static final String API = "jdk.incubator.foreign.";
        private final Class<?> linkerType = Class.forName(API + "CLinker");
        private final Class<?> descriptor = Class.forName(API + "FunctionDescriptor");
        private final Class<?> layout = Class.forName(API + "MemoryLayout");
        private final Object linker = linkerType.getMethod("getInstance").invoke(null);
        private final Object lookup = linkerType.getMethod("systemLookup").invoke(null);
        private final Method find = Class.forName(API + "SymbolLookup").getMethod("lookup", String.class);
        private final Method link = linkerType.getMethod(
                "downcallHandle", Class.forName(API + "Addressable"), MethodType.class, descriptor);
        private final Object ofInt = linkerType.getField("C_INT").get(null);
        private final Object ofLong = linkerType.getField("C_LONG").get(null);

        private Incubating() throws ReflectiveOperationException {}

        @Override
        Optional<?> find(String name) throws ReflectiveOperationException {
            return (Optional<?>) find.invoke(lookup, name);
        }

        @Override
        MethodHandle link(Object address, Class<?> result, Class<?>... types) throws ReflectiveOperationException {
            return (MethodHandle) link.invoke(
                    linker,
                    address,
                    MethodType.methodType(result, types),
                    descriptor(descriptor, layout, ofInt, ofLong, result, types));
        }

        @Override
        long address(ByteBuffer direct) throws ReflectiveOperationException {
            Class<?> segment = Class.forName(API + "MemorySegment");
            Object memory = segment.getMethod("ofByteBuffer", ByteBuffer.class).invoke(null, direct);
            Object address = segment.getMethod("address").invoke(memory);
            return (long) Class.forName(API + "MemoryAddress")
                    .getMethod("toRawLongValue")
                    .invoke(address);
        }
    }
}
