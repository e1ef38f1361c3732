package org.mcpservermanager.gateway;

import java.util.Comparator;
import java.util.Optional;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

/** Which server a name or URI of the aggregate belongs to. */
final class Owners {
    private final Catalogue catalogue;

    Owners(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    private record Candidate(ListItem item, UriTemplate.Fit fit, int literalLength) {}

    Optional<ListItem> ofName(ListKind kind, String exposed) {
        return catalogue.list(kind).find(exposed);
    }

    /**
     * The server that an exposed name points to by its form alone. A copy that serves one client may offer what no list shows yet;
     * whether it does is for the server to say.
     */
    Optional<ListItem> byForm(ListKind kind, String exposed) {
        int cut = exposed.indexOf("__");
        if (cut < 1
                || catalogue.group().naming() != Naming.PREFIX
                || !catalogue.admits(kind, exposed)
                || !ServerId.isValid(exposed.substring(0, cut))) {
            return Optional.empty();
        }
        ServerId server = new ServerId(exposed.substring(0, cut));
        return catalogue.servers().contains(server)
                ? catalogue
                        .presentation(server)
                        .own(kind, exposed.substring(cut + 2))
                        .map(own -> new ListItem(server, own, exposed, ""))
                : Optional.empty();
    }

    /** The server that lists the resource (or this very template), else the one with the template that fits it best. */
    Optional<ServerId> ofUri(String uri) {
        return catalogue
                .list(ListKind.RESOURCES)
                .find(uri)
                .or(() -> catalogue.list(ListKind.TEMPLATES).find(uri))
                .or(() -> byTemplate(uri))
                .map(ListItem::server);
    }

    /** Whether clients may hear of this resource of the server, be it listed or a part of one that is. */
    boolean tells(ServerId server, String uri) {
        NameFilter own = catalogue.group().filters().resources();
        boolean shown = own.admits(uri) || !own.denies(uri) && ofUri(uri).isPresent();
        return shown
                && catalogue.isMember(server)
                && catalogue.presentation(server).admitsUri(uri);
    }

    private Optional<ListItem> byTemplate(String uri) {
        Comparator<Candidate> better = Comparator.comparing(Candidate::fit)
                .thenComparing(Candidate::literalLength)
                .thenComparing(candidate -> candidate.item().own(), Comparator.reverseOrder());
        if (catalogue.group().filters().resources().denies(uri)) {
            return Optional.empty();
        }
        return catalogue.list(ListKind.TEMPLATES).all().stream()
                .filter(item -> catalogue.presentation(item.server()).admitsUri(uri))
                .map(item -> candidate(item, uri))
                .filter(candidate -> candidate.fit() != UriTemplate.Fit.NO)
                .max(better)
                .map(Candidate::item);
    }

    private static Candidate candidate(ListItem item, String uri) {
        UriTemplate template = new UriTemplate(item.own());
        return new Candidate(item, template.fit(uri), template.literalLength());
    }
}
