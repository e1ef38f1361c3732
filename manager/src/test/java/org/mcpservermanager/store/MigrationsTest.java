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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

class MigrationsTest {
    @Test
    void makesTheTablesOnceAndKeepsWhatIsInThem() throws Exception {
        DataSource source = Databases.inMemory();
        Migrations.run(source);
        execute(source, "insert into server (id, origin, updated_at) values ('a', 'FILE', 0)");

        Migrations.run(source);

        assertEquals(List.of("a"), strings(source, "select id from server"));
        assertEquals(
                List.of("1", "2"),
                strings(source, "select \"version\" from \"schema_version\" where \"type\" = 'SQL'"));
    }

    @Test
    void keepsALongSpec() throws Exception {
        DataSource source = Databases.inMemory();
        Migrations.run(source);
        execute(
                source,
                "insert into server (id, spec, origin, updated_at) values ('a', repeat('x', 900000), 'API', 0)");

        assertEquals(List.of("900000"), strings(source, "select length(spec) from server"));
    }

    @Test
    void survivesTheEndOfTheProcessInAFile(@TempDir Path state) throws Exception {
        DatabaseSettings settings = DatabaseSettings.embedded(state);
        Migrations.run(new ConfiguredDataSource(settings));
        execute(
                new ConfiguredDataSource(settings),
                "insert into server (id, origin, updated_at) values ('a', 'FILE', 0)");

        assertEquals(List.of("a"), strings(new ConfiguredDataSource(settings), "select id from server"));
        assertTrue(state.resolve("db/manager.mv.db").toFile().isFile());
    }

    @Test
    void refusesADatabaseOfANewerManager() throws Exception {
        DataSource source = Databases.inMemory();
        Migrations.run(source);
        execute(source, "update \"schema_version\" set \"checksum\" = 1 where \"version\" = '1'");

        Problem problem = assertThrows(ProblemException.class, () -> Migrations.run(source))
                .problem();

        assertEquals(Migrations.MIGRATION_FAILED, problem.code());
        assertTrue(problem.message().contains("H2"), problem.message());
    }

    @Test
    void saysThatTheDatabaseCannotBeReached() {
        DataSource source = new ConfiguredDataSource(
                new DatabaseSettings("jdbc:postgresql://127.0.0.1:1/none?password=s3cret", "u", "s3cret"));

        Problem problem = assertThrows(ProblemException.class, () -> Migrations.run(source))
                .problem();

        assertEquals(Migrations.DATABASE_UNAVAILABLE, problem.code());
        assertTrue(problem.remedy().contains("mcp.manager.db.url"), problem.remedy());
        assertFalse(problem.toString().contains("s3cret"), problem.toString());
    }

    @Test
    void namesTheDatabasesItKnows() {
        SQLException refusal = assertThrows(SQLException.class, () -> Drivers.of("jdbc:oracle:thin:@h"));

        assertTrue(refusal.getMessage().contains("jdbc:h2:, jdbc:mariadb:, jdbc:postgresql:"), refusal.getMessage());
    }

    static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> strings(DataSource source, String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }

    @Test
    void spellsNothingThatADatabaseReserves() throws Exception {
        DataSource source = Databases.inMemory();
        Migrations.run(source);

        List<String> columns = strings(
                source,
                "select column_name from information_schema.columns where table_schema = 'PUBLIC' and table_name in"
                        + " ('SERVER', 'HISTORY', 'DEPLOYMENT')");

        List<String> reserved = List.of(
                "from",
                "to",
                "at",
                "user",
                "order",
                "group",
                "value",
                "key",
                "number",
                "change",
                "signal",
                "condition");
        assertFalse(columns.isEmpty());
        assertTrue(
                columns.stream().map(c -> c.toLowerCase(Locale.ROOT)).noneMatch(reserved::contains), columns::toString);
    }
}
