package org.mcpservermanager.manage.jmx;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.StandardEmitterMBean;

/** An MXBean that shows what {@link Described} says. Its interface has no overloads, so that a name finds its method. */
class DescribedBean extends StandardEmitterMBean {
    <T> DescribedBean(T bean, Class<T> shape, NotificationBroadcasterSupport emitter) {
        super(bean, shape, true, emitter);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return text(Optional.ofNullable(getMBeanInterface().getAnnotation(Described.class)), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        String getter = (info.isIs() ? "is" : "get") + info.getName();
        return text(described(getter), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return text(described(info.getName()), info.getDescription());
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo parameter, int position) {
        return text(described(operation.getName(), position), parameter.getDescription());
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int position) {
        return described(operation.getName(), position).map(Described::name).orElse(parameter.getName());
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        return described(info.getName()).map(Described::impact).orElse(MBeanOperationInfo.UNKNOWN);
    }

    private Optional<Described> described(String method) {
        return method(method).map(found -> found.getAnnotation(Described.class));
    }

    private Optional<Described> described(String method, int parameter) {
        return method(method).map(found -> found.getParameters()[parameter].getAnnotation(Described.class));
    }

    private Optional<Method> method(String name) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst();
    }

    private static String text(Optional<Described> described, String otherwise) {
        return described.map(Described::value).orElse(otherwise);
    }
}
