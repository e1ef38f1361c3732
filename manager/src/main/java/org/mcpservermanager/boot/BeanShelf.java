package org.mcpservermanager.boot;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.literal.NamedLiteral;
import java.util.List;
import java.util.Objects;
import org.mcpservermanager.supervision.Customs;

/** Beans of one type by their names; those of scope dependent are made for whoever asks, and destroyed when they are given back. */
record BeanShelf<T>(Instance<T> all) implements Customs.Shelf<T> {
    @Override
    public List<String> names() {
        return all.handlesStream()
                .map(handle -> handle.getBean().getName())
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public Customs.Lent<T> lend(String name) {
        Instance.Handle<T> handle = all.select(NamedLiteral.of(name)).getHandle();
        return new Lent<>(handle.get(), handle);
    }

    private record Lent<T>(T object, Instance.Handle<T> handle) implements Customs.Lent<T> {
        @Override
        public void close() {
            if (handle.getBean().getScope().equals(Dependent.class)) {
                handle.destroy();
            }
        }
    }
}
