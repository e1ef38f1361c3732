package org.mcpservermanager.supervision;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Condition;

/** Stands where a process would, for a copy that has none: there are no pipes, and it is alive until its tree is empty. */
interface Processless extends Child {
    @Override
    CompletableFuture<Void> treeEmpty();

    @Override
    default long pid() {
        return 0;
    }

    @Override
    default String containment() {
        return "";
    }

    @Override
    default OutputStream stdin() {
        return OutputStream.nullOutputStream();
    }

    @Override
    default InputStream stdout() {
        return InputStream.nullInputStream();
    }

    @Override
    default InputStream stderr() {
        return InputStream.nullInputStream();
    }

    @Override
    default Condition condition() {
        return treeEmpty().isDone() ? Condition.GONE : Condition.ALIVE;
    }
}
