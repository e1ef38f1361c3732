package org.mcpservermanager.server;

import java.util.Map;
import java.util.Objects;

/**
 * What clients see of a server. What does not pass a filter is neither listed nor can it be used, at any endpoint.
 *
 * @param resources on URIs and URI templates
 */
public record Exposure(Named tools, Named prompts, NameFilter resources) {
    public static final Exposure ALL = new Exposure(Named.ALL, Named.ALL, NameFilter.ALL);

    /**
     * Things that have names and descriptions.
     *
     * @param filter on the names the server knows
     * @param names from the server's name to the one clients see
     * @param descriptions by the server's name
     */
    public record Named(NameFilter filter, Map<String, String> names, Map<String, String> descriptions) {
        public static final Named ALL = new Named(NameFilter.ALL, Map.of(), Map.of());

        public Named {
            Objects.requireNonNull(filter, "filter");
            names = Map.copyOf(names);
            descriptions = Map.copyOf(descriptions);
        }

        public boolean isAll() {
            return filter.isAll() && names.isEmpty() && descriptions.isEmpty();
        }
    }

    public Exposure {
        Objects.requireNonNull(tools, "tools");
        Objects.requireNonNull(prompts, "prompts");
        Objects.requireNonNull(resources, "resources");
    }

    public boolean isAll() {
        return tools.isAll() && prompts.isAll() && resources.isAll();
    }
}
