package org.mcpservermanager.faults;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Shows a test under the number and the words of its fault. */
public final class FaultNames extends DisplayNameGenerator.Standard {
    @Override
    public String generateDisplayNameForMethod(List<Class<?>> enclosing, Class<?> test, Method method) {
        Fault fault = method.getAnnotation(Fault.class);
        return fault == null
                ? super.generateDisplayNameForMethod(enclosing, test, method)
                : Arrays.stream(fault.value())
                                .mapToObj(number ->
                                        number + " " + FaultList.get(number).fault())
                                .collect(Collectors.joining("; "))
                        + ": " + method.getName();
    }
}
