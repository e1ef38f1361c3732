package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

/** What one endpoint makes of the offers of one server: which are shown, under which name, with which description. */
record Presentation(ServerId server, Exposure exposure, Style style) {
    /** What becomes of a name. */
    enum Style {
        PREFIXED,
        /** As it is, where clients take it. */
        PLAIN,
        UNTOUCHED;

        static Style of(Naming naming) {
            return naming == Naming.PREFIX ? PREFIXED : PLAIN;
        }
    }

    List<ListItem> items(ListKind kind, List<Offer> offers) {
        List<ListItem> items = new ArrayList<>(offers.size());
        for (Offer offer : offers) {
            if (admits(kind, offer.own())) {
                items.add(item(kind, offer));
            }
        }
        return items;
    }

    boolean admits(ListKind kind, String own) {
        return filter(kind).admits(own);
    }

    /** A URI also passes when it comes of a template that is allowed by name. */
    boolean admitsUri(String uri) {
        NameFilter filter = exposure.resources();
        return filter.admits(uri)
                || !filter.denies(uri)
                        && filter.allow().stream()
                                .filter(pattern -> pattern.contains("{"))
                                .anyMatch(template -> new UriTemplate(template).fit(uri) != UriTemplate.Fit.NO);
    }

    private NameFilter filter(ListKind kind) {
        return switch (kind) {
            case TOOLS -> exposure.tools().filter();
            case PROMPTS -> exposure.prompts().filter();
            case RESOURCES, TEMPLATES -> exposure.resources();
        };
    }

    private ListItem item(ListKind kind, Offer offer) {
        if (!kind.isRenamed()) {
            return new ListItem(server, offer.own(), offer.own(), offer.raw());
        }
        Exposure.Named named = named(kind);
        String exposed = styled(named.names().getOrDefault(offer.own(), offer.own()));
        String text = exposed.equals(offer.own())
                ? offer.raw()
                : RawJson.withMember(offer.raw(), kind.key(), JsonText.quote(exposed));
        String description = named.descriptions().get(offer.own());
        return new ListItem(
                server,
                offer.own(),
                exposed,
                description == null ? text : RawJson.put(text, "description", JsonText.quote(description)));
    }

    private String styled(String name) {
        return switch (style) {
            case PREFIXED -> ExposedName.of(server, name);
            case PLAIN -> ExposedName.plain(server, name);
            case UNTOUCHED -> name;
        };
    }

    private Exposure.Named named(ListKind kind) {
        return kind == ListKind.TOOLS ? exposure.tools() : exposure.prompts();
    }

    /** What the server calls what clients see under this name; empty when that is hidden, or has another name here. */
    Optional<String> own(ListKind kind, String shown) {
        Map<String, String> names = named(kind).names();
        String own = names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(shown))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(names.containsKey(shown) ? "" : shown);
        return Optional.of(own).filter(name -> !name.isEmpty() && admits(kind, name));
    }
}
