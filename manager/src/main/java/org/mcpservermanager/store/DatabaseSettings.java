package org.mcpservermanager.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Properties;
import org.eclipse.microprofile.config.Config;

/**
 * Which database: {@code mcp.manager.db.url}, {@code .user} and {@code .password}; without a URL, an H2 file below the state
 * directory.
 */
record DatabaseSettings(String url, String user, String password) {
    DatabaseSettings {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    static DatabaseSettings from(Config config) {
        String user = text(config, "mcp.manager.db.user");
        String password = text(config, "mcp.manager.db.password");
        return isEmbedded(config)
                ? embedded(stateDirectory(config))
                : new DatabaseSettings(text(config, "mcp.manager.db.url"), user, password);
    }

    static boolean isEmbedded(Config config) {
        return text(config, "mcp.manager.db.url").isEmpty();
    }

    static DatabaseSettings embedded(Path stateDirectory) {
        String file = stateDirectory.resolve("db").resolve("manager").toString();
        if (file.contains(";")) {
            throw new IllegalArgumentException("mcp.manager.state-dir: " + stateDirectory
                    + " (expected: a path without ';', which the embedded database cannot have in its file name)");
        }
        // DB_CLOSE_ON_EXIT: the application ends in a hook of the JVM too, and still writes then.
        // WRITE_DELAY: what was committed is there after a kill; the default loses the last half second.
        // TRACE_LEVEL_FILE: no file beside it that repeats failed statements.
        String url = "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
        return new DatabaseSettings(url, "sa", "");
    }

    /** Specs, hence secrets, are in the file: nobody else may look inside. */
    static void makePrivate(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    static Path stateDirectory(Config config) {
        String set = text(config, "mcp.manager.state-dir");
        Path directory = set.isEmpty() ? Path.of(System.getProperty("user.home"), ".mcp-server-manager") : Path.of(set);
        return directory.toAbsolutePath().normalize();
    }

    /** Credentials, and an end to every wait: a database that hangs must not hold a thread for ever. */
    Properties properties() {
        Properties properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
            properties.setProperty("password", password);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            setUnlessInUrl(properties, "connectTimeout", "5");
            // The whole login: a server that hangs still takes the connection.
            setUnlessInUrl(properties, "loginTimeout", "5");
            setUnlessInUrl(properties, "socketTimeout", "20");
        } else if (url.startsWith("jdbc:mariadb:")) {
            setUnlessInUrl(properties, "connectTimeout", "5000");
            setUnlessInUrl(properties, "socketTimeout", "20000");
        }
        return properties;
    }

    private void setUnlessInUrl(Properties properties, String name, String value) {
        if (!url.contains(name + "=")) {
            properties.setProperty(name, value);
        }
    }

    /** The URL without its parameters, which may hold a password. */
    String place() {
        return url.replaceFirst("[;?].*", "").replaceFirst("//[^/@]*@", "//***@");
    }

    @Override
    public String toString() {
        return "DatabaseSettings[" + place() + "]";
    }

    private static String text(Config config, String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).orElse("");
    }
}
