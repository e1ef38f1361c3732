package org.mcpservermanager.process;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Functions of the C library, by reflection: this is Java 17, whose way to call them was an incubator, and the lasting one came with
 * Java 22. Only where the JVM was started so that it is allowed, since it warns otherwise.
 */
final class NativeCalls {
    private NativeCalls() {}

    /** {@code int name(int, int, int)} */
    static Optional<MethodHandle> threeInts(String name) throws ReflectiveOperationException {
        if (Runtime.version().feature() >= 22) {
            return lasting(name);
        }
        return Runtime.version().feature() == 17 ? incubating(name) : Optional.empty();
    }

    private static Optional<MethodHandle> lasting(String name) throws ReflectiveOperationException {
        Object allowed = Module.class.getMethod("isNativeAccessEnabled").invoke(NativeCalls.class.getModule());
        if (!Boolean.TRUE.equals(allowed)) {
            return Optional.empty();
        }
        String api = "java.lang.foreign.";
        Class<?> linkerType = Class.forName(api + "Linker");
        Class<?> option = Class.forName(api + "Linker$Option");
        Class<?> segment = Class.forName(api + "MemorySegment");
        Class<?> descriptor = Class.forName(api + "FunctionDescriptor");
        Class<?> layout = Class.forName(api + "MemoryLayout");
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
        Optional<?> address = (Optional<?>) Class.forName(api + "SymbolLookup")
                .getMethod("find", String.class)
                .invoke(lookup, name);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        Object integer = Class.forName(api + "ValueLayout").getField("JAVA_INT").get(null);
        Method link = linkerType.getMethod("downcallHandle", segment, descriptor, option.arrayType());
        return Optional.of((MethodHandle)
                link.invoke(linker, address.get(), ints(descriptor, layout, integer), Array.newInstance(option, 0)));
    }

    private static Optional<MethodHandle> incubating(String name) throws ReflectiveOperationException {
        String api = "jdk.incubator.foreign.";
        if (ModuleLayer.boot().findModule("jdk.incubator.foreign").isEmpty()) {
            return Optional.empty();
        }
        Class<?> linkerType = Class.forName(api + "CLinker");
        Class<?> descriptor = Class.forName(api + "FunctionDescriptor");
        Class<?> layout = Class.forName(api + "MemoryLayout");
        Object linker = linkerType.getMethod("getInstance").invoke(null);
        Object lookup = linkerType.getMethod("systemLookup").invoke(null);
        Optional<?> address = (Optional<?>) Class.forName(api + "SymbolLookup")
                .getMethod("lookup", String.class)
                .invoke(lookup, name);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        Object integer = linkerType.getField("C_INT").get(null);
        Method link = linkerType.getMethod(
                "downcallHandle", Class.forName(api + "Addressable"), MethodType.class, descriptor);
        MethodType type = MethodType.methodType(int.class, int.class, int.class, int.class);
        return Optional.of((MethodHandle) link.invoke(linker, address.get(), type, ints(descriptor, layout, integer)));
    }

    private static Object ints(Class<?> descriptor, Class<?> layout, Object integer)
            throws ReflectiveOperationException {
        Object three = Array.newInstance(layout, 3);
        for (int i = 0; i < 3; i++) {
            Array.set(three, i, integer);
        }
        return descriptor.getMethod("of", layout, layout.arrayType()).invoke(null, integer, three);
    }
}
