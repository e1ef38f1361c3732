package org.mcpservermanager.store;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** A {@link Transition} in the database. */
@Entity
@Table(name = "history")
@IdClass(HistoryRow.Key.class)
public class HistoryRow {
    private static final int TEXT_MAX = 1_999;

    @Id
    @Column(name = "server_id", length = 63, nullable = false)
    private String server;

    /** Counts the changes of a server. No generated key: each provider has its own idea of how to ask each database for one. */
    @Id
    @Column(name = "change_number", nullable = false)
    private long number;

    private long generation;

    @Enumerated(EnumType.STRING)
    @Column(name = "from_phase", length = 16, nullable = false)
    private Phase from;

    @Enumerated(EnumType.STRING)
    @Column(name = "to_phase", length = 16, nullable = false)
    private Phase to;

    @Column(name = "cause_code", length = 64)
    private String causeCode;

    @Column(name = "cause_message", length = 2_000)
    private String causeMessage;

    @Column(name = "cause_remedy", length = 2_000)
    private String causeRemedy;

    @Column(name = "exit_code")
    private Integer exitCode;

    @Column(name = "exit_signal")
    private Integer exitSignal;

    @Column(name = "at_millis", nullable = false)
    @Convert(converter = InstantConverter.class)
    private Instant at;

    protected HistoryRow() {}

    HistoryRow(long number, Transition transition) {
        this.number = number;
        server = transition.server().value();
        generation = transition.generation();
        from = transition.from();
        to = transition.to();
        at = transition.at();
        // One line each: PostgreSQL refuses NUL, and a text that is too long would fail the whole batch.
        transition.cause().ifPresent(cause -> {
            causeCode = Text.oneLine(cause.code(), 63);
            causeMessage = Text.oneLine(cause.message(), TEXT_MAX);
            causeRemedy = Text.oneLine(cause.remedy(), TEXT_MAX);
        });
        transition.exit().ifPresent(exit -> {
            exitCode = exit.code();
            exitSignal = exit.signal();
        });
    }

    Transition toTransition() {
        Optional<Problem> cause =
                causeCode == null ? Optional.empty() : Optional.of(new Problem(causeCode, causeMessage, causeRemedy));
        Optional<Exit> exit = exitCode == null ? Optional.empty() : Optional.of(new Exit(exitCode, exitSignal));
        return new Transition(new ServerId(server), generation, from, to, cause, exit, at);
    }

    /** Server and number; a class because the persistence of EE 10 takes no record here. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        private String server;
        private long number;

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Objects.equals(server, key.server) && number == key.number;
        }

        @Override
        public int hashCode() {
            return Objects.hash(server, number);
        }
    }
}
