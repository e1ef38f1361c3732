package org.mcpservermanager.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A connection that opens itself again. The pools of the two servers hand out what they have, and only one of them can be told,
 * by an application, to look first whether the database is still there. Between two transactions nothing is lost by looking
 * here; within one, the failure is the transaction's.
 */
final class HealingConnection implements InvocationHandler {
    private static final Logger LOG = Logger.getLogger(HealingConnection.class.getName());
    private static final long TRUSTED_NANOS = 1_000_000_000;
    private static final long PAUSE_NANOS = 2_000_000_000;
    private static final int UNSET = -1;
    private static final int VALID_WITHIN_SECONDS = 5;
    private final Opener opener;
    private final LongSupplier nanos;
    // Used by one thread at a time, as every connection.
    private Connection physical;
    private boolean autoCommit = true;
    private int isolation = UNSET;
    private boolean inTransaction;
    private boolean closed;
    private long lastUse;
    private SQLException failure; // null: the last opening went well
    private long failedAt;

    /** Opens a connection to the database. */
    interface Opener {
        Connection open() throws SQLException;
    }

    private HealingConnection(Opener opener, LongSupplier nanos) throws SQLException {
        this.opener = opener;
        this.nanos = nanos;
        this.physical = opener.open();
        this.lastUse = nanos.getAsLong();
    }

    static Connection open(Opener opener, LongSupplier nanos) throws SQLException {
        HealingConnection handler = new HealingConnection(opener, nanos);
        return (Connection) Proxy.newProxyInstance(
                HealingConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "HealingConnection[" + physical + "]";
            case "close" -> close();
            case "isClosed" -> closed;
            case "commit", "rollback" -> end(method, arguments);
            case "createStatement", "prepareStatement", "prepareCall" -> begin(method, arguments);
            default -> healthy(method, arguments);
        };
    }

    private Object close() throws SQLException {
        closed = true;
        physical.close();
        return null;
    }

    private Object end(Method method, Object[] arguments) throws Throwable {
        try {
            return delegate(method, arguments);
        } finally {
            // With an argument it is a rollback to a savepoint. A failure ends the transaction too.
            inTransaction = inTransaction && arguments != null;
        }
    }

    private Object begin(Method method, Object[] arguments) throws Throwable {
        Object statement = healthy(method, arguments);
        inTransaction = !autoCommit;
        return statement;
    }

    private Object healthy(Method method, Object[] arguments) throws Throwable {
        if (!inTransaction && !closed) {
            heal();
        }
        Object result = delegate(method, arguments);
        remember(method, arguments);
        return result;
    }

    private void heal() throws SQLException {
        long now = nanos.getAsLong();
        boolean trusted = now - lastUse <= TRUSTED_NANOS && !physical.isClosed();
        if (!trusted && (failure != null || !physical.isValid(VALID_WITHIN_SECONDS))) {
            Connection fresh = reopen(now);
            if (isolation != UNSET) {
                fresh.setTransactionIsolation(isolation);
            }
            fresh.setAutoCommit(autoCommit);
            discard();
            physical = fresh;
        }
        lastUse = now;
    }

    /** Pool and provider try a lost connection several times over; only the first of these waits for the database. */
    private Connection reopen(long now) throws SQLException {
        if (failure != null && now - failedAt <= PAUSE_NANOS) {
            throw new SQLException("the database could not be reached a moment ago", failure.getSQLState(), failure);
        }
        try {
            Connection fresh = opener.open();
            failure = null;
            return fresh;
        } catch (SQLException e) {
            failure = e;
            failedAt = nanos.getAsLong();
            throw e;
        }
    }

    private void discard() {
        try {
            physical.close();
        } catch (SQLException e) {
            LOG.log(Level.FINE, "closing a connection that was lost", e);
        }
    }

    private void remember(Method method, Object[] arguments) {
        switch (method.getName()) {
            case "setAutoCommit" -> {
                autoCommit = (boolean) arguments[0];
                inTransaction = inTransaction && !autoCommit;
            }
            case "setTransactionIsolation" -> isolation = (int) arguments[0];
            default -> {}
        }
    }

    private Object delegate(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(physical, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
