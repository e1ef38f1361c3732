package org.mcpservermanager.store;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The database of the settings, as a data source that both servers pool; so no server needs to be configured. */
public final class ConfiguredDataSource implements DataSource {
    private int loginTimeout;
    private String description = "";
    private volatile DatabaseSettings settings; // the same for every writer

    /** Made by the container. */
    public ConfiguredDataSource() {}

    ConfiguredDataSource(DatabaseSettings settings) {
        this.settings = settings;
    }

    @Override
    public Connection getConnection() throws SQLException {
        DatabaseSettings known = settings();
        return HealingConnection.open(() -> open(known), System::nanoTime);
    }

    /** Pools pass credentials of their own idea; those of the settings count. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    private static Connection open(DatabaseSettings known) throws SQLException {
        Connection connection = Drivers.of(known.url()).connect(known.url(), known.properties());
        if (connection == null) {
            throw new SQLException("mcp.manager.db.url: the driver does not take " + known.place());
        }
        return connection;
    }

    private DatabaseSettings settings() throws SQLException {
        if (settings == null) {
            // Pools open connections from threads of their own, which know nothing of the application.
            Config config = ConfigProvider.getConfig(ConfiguredDataSource.class.getClassLoader());
            settings = read(config);
        }
        return settings;
    }

    private static DatabaseSettings read(Config config) throws SQLException {
        try {
            DatabaseSettings read = DatabaseSettings.from(config);
            if (DatabaseSettings.isEmbedded(config)) {
                DatabaseSettings.makePrivate(
                        DatabaseSettings.stateDirectory(config).resolve("db"));
            }
            return read;
        } catch (IllegalArgumentException e) {
            throw new SQLException(e.getMessage(), e);
        } catch (IOException e) {
            throw new SQLException("mcp.manager.state-dir: cannot make the directory of the database: " + e, e);
        }
    }

    /** For people, in the console of the server; a data source without a property is refused by WildFly. */
    public void setDescription(String description) {
        this.description = description;
    }

    public String getDescription() {
        return description;
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException("no log writer");
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("no log writer");
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.mcpservermanager");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("not a wrapper of " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
