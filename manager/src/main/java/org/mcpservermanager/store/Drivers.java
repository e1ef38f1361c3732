package org.mcpservermanager.store;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Chooses the driver by the URL and makes it by its class: what DriverManager finds depends on who asks. */
public final class Drivers {
    private static final Map<String, String> BY_PREFIX = new TreeMap<>(Map.of(
            "jdbc:h2:", "org.h2.Driver",
            "jdbc:postgresql:", "org.postgresql.Driver",
            "jdbc:mariadb:", "org.mariadb.jdbc.Driver"));

    private Drivers() {}

    static Driver of(String url) throws SQLException {
        for (Map.Entry<String, String> known : BY_PREFIX.entrySet()) {
            if (url.startsWith(known.getKey())) {
                return make(known.getValue());
            }
        }
        throw new SQLException("mcp.manager.db.url: unknown database (expected: one of " + BY_PREFIX.keySet()
                + "; jdbc:mariadb: for MySQL too)");
    }

    /** By name: javac warns of annotations that one of the drivers was compiled with and does not bring. */
    private static Driver make(String className) throws SQLException {
        try {
            Class<?> driver = Class.forName(className, true, Drivers.class.getClassLoader());
            return (Driver) driver.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new SQLException(
                    "the driver " + className
                            + " is not there; add its jar to the libraries of the server (see docs/operating.md)",
                    e);
        }
    }

    /**
     * To be called when the application ends: the drivers register themselves with the JVM when they are loaded, which would hold
     * on to the application for ever.
     */
    public static void forget() throws SQLException {
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == Drivers.class.getClassLoader()) {
                DriverManager.deregisterDriver(driver);
            }
        }
    }
}
