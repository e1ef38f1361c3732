package org.mcpservermanager.server;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An endpoint over several servers.
 *
 * @param name part of its address; empty for the endpoint over all servers
 * @param servers its members by id, besides those by tag
 * @param tags a server with one of these is a member
 * @param search whether clients are shown tools to find tools, instead of all tools
 * @param filters on names as clients of this endpoint see them, and on URIs
 * @param source where it was defined, for people
 */
public record Group(
        String name,
        String description,
        Set<ServerId> servers,
        Set<String> tags,
        Naming naming,
        boolean search,
        Filters filters,
        String source) {
    public static final String ALL_SERVERS = "";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public record Filters(NameFilter tools, NameFilter prompts, NameFilter resources) {
        public static final Filters NONE = new Filters(NameFilter.ALL, NameFilter.ALL, NameFilter.ALL);

        public Filters {
            Objects.requireNonNull(tools, "tools");
            Objects.requireNonNull(prompts, "prompts");
            Objects.requireNonNull(resources, "resources");
        }
    }

    public Group {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(naming, "naming");
        Objects.requireNonNull(filters, "filters");
        Objects.requireNonNull(source, "source");
        if (!name.equals(ALL_SERVERS) && !isValid(name)) {
            throw new IllegalArgumentException("group: " + Text.oneLine(name, 80) + " (expected: " + NAME + ")");
        }
        servers = Set.copyOf(servers);
        tags = Set.copyOf(tags);
    }

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** The endpoint over all servers. */
    public static Group ofAll(Naming naming, boolean search) {
        return new Group(ALL_SERVERS, "", Set.of(), Set.of(), naming, search, Filters.NONE, "all servers");
    }

    public boolean isOfAll() {
        return name.equals(ALL_SERVERS);
    }

    public boolean has(ServerSpec server) {
        return isOfAll()
                || servers.contains(server.id())
                || server.tags().stream().anyMatch(tags::contains);
    }
}
