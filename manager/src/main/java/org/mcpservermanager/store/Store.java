package org.mcpservermanager.store;

import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;

/**
 * What survives a restart. Every call is one transaction, and waits for the database. A singleton, because only those end in an
 * order: what depends on it can still write when it ends.
 */
@DataSourceDefinition(
        name = Store.DATA_SOURCE,
        className = "org.mcpservermanager.store.ConfiguredDataSource",
        initialPoolSize = 1,
        minPoolSize = 1,
        maxPoolSize = 8,
        properties = {"description=State of the MCP Server Manager"})
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
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

    public void saveWishes(Map<ServerId, Wish> wishes) {
        Map<ServerId, ServerRow> known = known(wishes.keySet());
        wishes.forEach(
                (server, wish) -> known.computeIfAbsent(server, this::newRow).wish(wish));
    }

    private Map<ServerId, ServerRow> known(Set<ServerId> servers) {
        if (servers.isEmpty()) {
            return new TreeMap<>();
        }
        return rows.createQuery("select s from ServerRow s where s.id in :ids", ServerRow.class)
                .setParameter("ids", servers.stream().map(ServerId::value).toList())
                .getResultStream()
                .collect(Collectors.toMap(ServerRow::server, row -> row, (a, b) -> a, TreeMap::new));
    }

    private ServerRow newRow(ServerId server) {
        ServerRow row = new ServerRow(server, ServerRow.Origin.FILE);
        rows.persist(row);
        return row;
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
        ServerRow row = rows.find(ServerRow.class, server.value());
        (row == null ? newRow(server) : row).define(spec);
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

    /** Keeps the transitions, in this order, and only the last {@value #HISTORY_MAX} of each server. */
    public void appendHistory(List<Transition> transitions) {
        Map<String, Long> last = lastNumbers(
                transitions.stream().map(each -> each.server().value()).collect(Collectors.toSet()));
        for (Transition transition : transitions) {
            long number = last.merge(transition.server().value(), 1L, Long::sum);
            rows.persist(new HistoryRow(number, transition));
        }
        rows.flush();
        last.forEach(this::forgetOldHistory);
    }

    private Map<String, Long> lastNumbers(Set<String> servers) {
        return rows.createQuery(
                        "select h.server, max(h.number) from HistoryRow h where h.server in :servers group by h.server",
                        Object[].class)
                .setParameter("servers", servers)
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1], (a, b) -> a, TreeMap::new));
    }

    private void forgetOldHistory(String server, long last) {
        if (last <= HISTORY_MAX) {
            return;
        }
        rows.createQuery("delete from HistoryRow h where h.server = :server and h.number <= :number")
                .setParameter("server", server)
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

    /** Opens a deployment for what is under way and has none; an end is final, the next one is another deployment. */
    public void updateDeployments(List<DeploymentUpdate> updates) {
        Map<String, DeploymentRow> active =
                active(updates.stream().map(DeploymentUpdate::slug).toList());
        Set<String> opened = new TreeSet<>();
        for (DeploymentUpdate update : updates) {
            DeploymentRow row = active.get(update.slug());
            if (row == null && !update.status().isOver()) {
                row = new DeploymentRow(update.server(), update.slug(), update.endpoint(), update.at());
                rows.persist(row);
                active.put(update.slug(), row);
                opened.add(update.slug());
            }
            if (row != null && row.status() != update.status()) {
                row.status(update.status(), update.at());
            }
            if (row != null && row.status().isOver()) {
                active.remove(update.slug());
            }
        }
        rows.flush();
        forgetOldDeployments(opened);
    }

    /** What is not active is not checked any more. */
    public void checkDeployments(List<DeploymentCheck> checks) {
        Map<String, DeploymentRow> active =
                active(checks.stream().map(DeploymentCheck::slug).toList());
        checks.stream().filter(check -> active.containsKey(check.slug())).forEach(check -> active.get(check.slug())
                .checked(check.health(), check.at()));
    }

    /** After a start of the manager: what was active when the last one ended is not any more. */
    public int closeDeployments(Instant at) {
        List<DeploymentRow> left = rows.createQuery(
                        "select d from DeploymentRow d where d.stoppedAt is null", DeploymentRow.class)
                .getResultList();
        left.forEach(row -> row.status(Deployment.Status.STOPPED, at));
        return left.size();
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

    private Map<String, DeploymentRow> active(List<String> slugs) {
        Map<String, DeploymentRow> newest = new TreeMap<>();
        if (!slugs.isEmpty()) {
            rows.createQuery(
                            "select d from DeploymentRow d where d.slug in :slugs and d.stoppedAt is null"
                                    + " order by d.deployedAt",
                            DeploymentRow.class)
                    .setParameter("slugs", slugs)
                    .getResultStream()
                    .forEach(row -> newest.put(row.slug(), row));
        }
        return newest;
    }

    private void forgetOldDeployments(Set<String> slugs) {
        if (!slugs.isEmpty()) {
            rows.createQuery(
                            "select d.slug from DeploymentRow d where d.slug in :slugs and d.stoppedAt is not null"
                                    + " group by d.slug having count(d.id) > " + DEPLOYMENTS_MAX,
                            String.class)
                    .setParameter("slugs", slugs)
                    .getResultList()
                    .forEach(this::forgetOldDeployments);
        }
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
