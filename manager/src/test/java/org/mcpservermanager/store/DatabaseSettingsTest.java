package org.mcpservermanager.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseSettingsTest {
    @Test
    void showsNeitherPasswordNorParameters() {
        DatabaseSettings settings =
                new DatabaseSettings("jdbc:mariadb://me:s3cret@h:3306/db?password=s3cret", "me", "s3cret");

        assertEquals("DatabaseSettings[jdbc:mariadb://***@h:3306/db]", settings.toString());
        assertFalse(settings.place().contains("s3cret"));
    }

    @Test
    void endsEveryWaitUnlessTheUrlSaysOtherwise() {
        Properties standard = new DatabaseSettings("jdbc:postgresql://h/db", "u", "p").properties();
        Properties own = new DatabaseSettings("jdbc:mariadb://h/db?socketTimeout=0", "u", "p").properties();

        assertEquals("20", standard.getProperty("socketTimeout"));
        assertEquals("5", standard.getProperty("loginTimeout"));
        assertEquals(Set.of("user", "password", "connectTimeout"), own.stringPropertyNames());
        assertEquals("5000", own.getProperty("connectTimeout"));
    }

    @Test
    void refusesAPathThatTheEmbeddedDatabaseCannotHave() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> DatabaseSettings.embedded(Path.of("/a;b")));

        assertTrue(refusal.getMessage().startsWith("mcp.manager.state-dir: /a;b"), refusal.getMessage());
    }

    @Test
    void leavesNoDriverBehind() throws SQLException {
        DriverManager.registerDriver(Drivers.of("jdbc:h2:mem:x"));

        Drivers.forget();

        ClassLoader ours = Drivers.class.getClassLoader();
        assertTrue(DriverManager.drivers()
                .noneMatch(driver -> driver.getClass().getClassLoader().equals(ours)));
    }

    @Test
    void makesADirectoryForNobodyElse(@TempDir Path directory) throws Exception {
        Path made = directory.resolve("s/db");
        DatabaseSettings.makePrivate(made);

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.getParent())));
    }
}
