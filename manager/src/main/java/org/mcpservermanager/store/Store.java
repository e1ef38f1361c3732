package org.mcpservermanager.store;

import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;

/** What survives a restart. Every call is one transaction, and waits for the database. */
@DataSourceDefinition(
        name = Store.DATA_SOURCE,
        className = "org.mcpservermanager.store.ConfiguredDataSource",
        initialPoolSize = 1,
        minPoolSize = 1,
        maxPoolSize = 8,
        properties = {"description=State of the MCP Server Manager"})
@Stateless
public class Store {
    public static final String DATA_SOURCE = "java:app/jdbc/mcp-server-manager";
    static final int HISTORY_MAX = 1_000;
    static final int DEPLOYMENTS_MAX = 100;

    @PersistenceContext(unitName = "manager")
    private EntityManager rows;

    /** The wishes that were given; nothing for a server whose operator said nothing yet. */
    public Map<ServerId, Wish> wishes() {
        return rows.createQuery("select s from ServerRow s where s.wish is not null", ServerRow.class)
                .getResultStream()
                .collect(Collectors.toMap(ServerRow::server, ServerRow::wish, (a, b) -> a, TreeMap::new));
    }

    public void saveWish(ServerId server, Wish wish) {
        Objects.requireNonNull(wish, "wish");
        row(server, ServerRow.Origin.FILE).wish(wish);
    }

    /** What the API defined: the JSON text of each spec, by server. */
    public Map<ServerId, String> definitions() {
        return rows.createQuery("select s from ServerRow s where s.spec is not null", ServerRow.class)
                .getResultStream()
                .collect(Collectors.toMap(ServerRow::server, ServerRow::spec, (a, b) -> a, TreeMap::new));
    }

    /** Adds the definition, or replaces it; the wish stays. */
    public void saveDefinition(ServerId server, String spec) {
        Objects.requireNonNull(spec, "spec");
        row(server, ServerRow.Origin.API).define(spec);
    }

    /** Takes back the first definition of a server that a file defines; the wish stays. */
    public void forgetDefinition(ServerId server) {
        ServerRow row = rows.find(ServerRow.class, server.value());
        if (row != null) {
            row.forget();
        }
    }

    /** Removes the definition and the wish; the history stays. */
    public void removeDefinition(ServerId server) {
        ServerRow row = rows.find(ServerRow.class, server.value());
        if (row != null) {
            rows.remove(row);
        }
    }

    private ServerRow row(ServerId server, ServerRow.Origin origin) {
        ServerRow row = rows.find(ServerRow.class, server.value());
        if (row == null) {
            row = new ServerRow(server, origin);
            rows.persist(row);
        }
        return row;
    }

    /** Keeps the transitions, in this order, and only the last {@value #HISTORY_MAX} of each server. */
    public void appendHistory(List<Transition> transitions) {
        Map<ServerId, Long> last = new TreeMap<>();
        for (Transition transition : transitions) {
            long number = last.computeIfAbsent(transition.server(), this::lastNumber) + 1;
            last.put(transition.server(), number);
            rows.persist(new HistoryRow(number, transition));
        }
        rows.flush();
        last.forEach(this::forgetOldHistory);
    }

    private long lastNumber(ServerId server) {
        Long last = rows.createQuery("select max(h.number) from HistoryRow h where h.server = :server", Long.class)
                .setParameter("server", server.value())
                .getSingleResult();
        return last == null ? 0 : last;
    }

    private void forgetOldHistory(ServerId server, long last) {
        rows.createQuery("delete from HistoryRow h where h.server = :server and h.number <= :number")
                .setParameter("server", server.value())
                .setParameter("number", last - HISTORY_MAX)
                .executeUpdate();
    }

    /** Newest first. */
    public List<Transition> history(ServerId server, int limit) {
        return rows.createQuery(
                        "select h from HistoryRow h where h.server = :server order by h.number desc", HistoryRow.class)
                .setParameter("server", server.value())
                .setMaxResults(Math.max(1, Math.min(limit, HISTORY_MAX)))
                .getResultStream()
                .map(HistoryRow::toTransition)
                .toList();
    }

    /** Opens a deployment, STARTING; one that was active under this slug is STOPPED, so that a slug has one at most. */
    public Deployment openDeployment(ServerId server, String slug, URI endpoint, Instant at) {
        active(slug).forEach(row -> row.status(Deployment.Status.STOPPED, at));
        DeploymentRow row = new DeploymentRow(server, slug, endpoint, at);
        rows.persist(row);
        rows.flush();
        forgetOldDeployments(slug);
        return row.toDeployment();
    }

    /** @return empty when there is no such deployment, or it is over: an end is final */
    public Optional<Deployment> updateDeployment(String id, Deployment.Status status, Instant at) {
        return open(id).map(row -> {
            row.status(status, at);
            return row.toDeployment();
        });
    }

    /** @return empty when there is no such deployment, or it is over */
    public Optional<Deployment> checkDeployment(String id, Health health, Instant at) {
        return open(id).map(row -> {
            row.checked(health, at);
            return row.toDeployment();
        });
    }

    /** After a start of the manager: what was active when the last one ended is not any more. */
    public int closeDeployments(Instant at) {
        List<DeploymentRow> left = rows.createQuery(
                        "select d from DeploymentRow d where d.stoppedAt is null", DeploymentRow.class)
                .getResultList();
        left.forEach(row -> row.status(Deployment.Status.STOPPED, at));
        return left.size();
    }

    public Optional<Deployment> activeDeployment(String slug) {
        return active(slug).stream().findFirst().map(DeploymentRow::toDeployment);
    }

    /** Newest first. */
    public List<Deployment> deployments(int limit) {
        return rows.createQuery("select d from DeploymentRow d order by d.deployedAt desc, d.id", DeploymentRow.class)
                .setMaxResults(Math.max(1, Math.min(limit, 1_000)))
                .getResultStream()
                .map(DeploymentRow::toDeployment)
                .toList();
    }

    /** Writes these sessions, new or not, and removes those of the keys. */
    public void saveSessions(List<StoredSession> sessions, List<String> removed) {
        sessions.forEach(session -> rows.merge(new SessionRow(session)));
        rows.flush();
        removed.forEach(key -> rows.createQuery("delete from SessionRow s where s.key = :key")
                .setParameter("key", key)
                .executeUpdate());
    }

    /** Those used since then, the last used first; all others are removed. */
    public List<StoredSession> takeSessions(Instant since, int max) {
        rows.createQuery("delete from SessionRow s where s.usedAt < :since")
                .setParameter("since", since)
                .executeUpdate();
        return rows.createQuery("select s from SessionRow s order by s.usedAt desc, s.key", SessionRow.class)
                .setMaxResults(max)
                .getResultStream()
                .map(SessionRow::toStoredSession)
                .toList();
    }

    public void removeSessions() {
        rows.createQuery("delete from SessionRow s").executeUpdate();
    }

    private Optional<DeploymentRow> open(String id) {
        return Optional.ofNullable(rows.find(DeploymentRow.class, id))
                .filter(row -> !row.status().isOver());
    }

    private List<DeploymentRow> active(String slug) {
        return rows.createQuery(
                        "select d from DeploymentRow d where d.slug = :slug and d.stoppedAt is null order by d.deployedAt desc",
                        DeploymentRow.class)
                .setParameter("slug", slug)
                .getResultList();
    }

    private void forgetOldDeployments(String slug) {
        rows.createQuery(
                        "select d from DeploymentRow d where d.slug = :slug and d.stoppedAt is not null"
                                + " order by d.deployedAt desc",
                        DeploymentRow.class)
                .setParameter("slug", slug)
                .setFirstResult(DEPLOYMENTS_MAX)
                .getResultList()
                .forEach(rows::remove);
    }
}
