package org.mcpservermanager.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** Brings the tables to the version of this application. Has to run outside a transaction, before the {@link Store} is used. */
public final class Migrations {
    public static final String DATABASE_UNAVAILABLE = "database_unavailable";
    public static final String MIGRATION_FAILED = "database_migration_failed";
    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());

    private Migrations() {}

    /**
     * Does nothing when the tables are up to date; managers that start at the same time take turns.
     *
     * @throws ProblemException database_unavailable or database_migration_failed
     */
    public static void run(DataSource source) {
        String product = product(source);
        try {
            MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .table("schema_version")
                    .placeholders(placeholders(product))
                    .load()
                    .migrate();
            LOG.log(Level.INFO, "database {0}: {1} migrations applied", new Object[] {product, result.migrationsExecuted
            });
        } catch (FlywayException e) {
            throw new ProblemException(
                    new Problem(
                            MIGRATION_FAILED,
                            "the tables could not be brought up to date (" + product + "): "
                                    + Text.oneLine(String.valueOf(e.getMessage()), 500),
                            "Check that the user of mcp.manager.db.user may create tables, and that no newer version of the"
                                    + " manager has used this database; then start again."),
                    e);
        }
    }

    private static String product(DataSource source) {
        try (Connection connection = source.getConnection()) {
            return connection.getMetaData().getDatabaseProductName();
        } catch (SQLException e) {
            throw new ProblemException(
                    new Problem(
                            DATABASE_UNAVAILABLE,
                            "the database cannot be reached: " + Text.oneLine(String.valueOf(e.getMessage()), 500),
                            "Start it, or correct mcp.manager.db.url, mcp.manager.db.user and mcp.manager.db.password."),
                    e);
        }
    }

    /** What the three databases spell differently. */
    private static Map<String, String> placeholders(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "h2" -> Map.of("long_text", "varchar(1000000)");
            case "postgresql" -> Map.of("long_text", "text");
            case "mariadb", "mysql" -> Map.of("long_text", "mediumtext");
            default ->
                throw new ProblemException(new Problem(
                        MIGRATION_FAILED,
                        "the database is " + Text.oneLine(product, 80)
                                + " (expected: H2, PostgreSQL, MariaDB or MySQL)",
                        "Correct mcp.manager.db.url."));
        };
    }
}
