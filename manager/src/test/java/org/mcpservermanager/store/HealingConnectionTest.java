package org.mcpservermanager.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealingConnectionTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger opened = new AtomicInteger();
    private String url;
    private boolean away;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        url = DatabaseSettings.embedded(directory).url();
        connection = HealingConnection.open(
                () -> {
                    opened.incrementAndGet();
                    if (away) {
                        throw new SQLException("away", "08001");
                    }
                    return connect();
                },
                nanos::get);
        execute("create table t (n integer)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private Connection connect() throws SQLException {
        return Drivers.of(url).connect(url, DatabaseSettings.embedded(directory).properties());
    }

    /** Every connection to the database is lost, as when its server restarts. */
    private void loseTheDatabase() throws SQLException {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("shutdown immediately");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from t")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void opensAgainBetweenTransactionsWithTheSameSettings() throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        execute("insert into t values (1)");
        connection.commit();

        loseTheDatabase();

        assertEquals(1, count());
        assertEquals(2, opened.get());
        assertFalse(connection.getAutoCommit());
        assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
    }

    @Test
    void doesNotLoseTheFirstHalfOfATransactionInSilence() throws SQLException {
        connection.setAutoCommit(false);
        execute("insert into t values (1)");

        loseTheDatabase();

        assertThrows(SQLException.class, () -> execute("insert into t values (2)"));
        assertThrows(SQLException.class, connection::rollback);
        assertEquals(0, count());
    }

    @Test
    void looksOnlyAfterAPause() throws SQLException {
        execute("insert into t values (1)");
        nanos.addAndGet(60_000_000_000L);

        assertEquals(1, count());

        assertEquals(1, opened.get());
    }

    @Test
    void waitsForADatabaseThatIsAwayOnceAndNotForEveryCall() throws SQLException {
        loseTheDatabase();
        away = true;

        assertThrows(SQLException.class, this::count);
        SQLException second = assertThrows(SQLException.class, this::count);
        assertEquals("08001", second.getSQLState());
        assertEquals(2, opened.get());

        away = false;
        nanos.addAndGet(2_100_000_000L);
        assertEquals(0, count());
        assertEquals(3, opened.get());
    }

    @Test
    void staysClosed() throws SQLException {
        connection.close();

        assertTrue(connection.isClosed());
        assertThrows(SQLException.class, () -> execute("insert into t values (1)"));
        assertEquals(1, opened.get());
    }
}
