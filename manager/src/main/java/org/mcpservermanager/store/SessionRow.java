package org.mcpservermanager.store;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A {@link StoredSession} in the database. */
@Entity
@Table(name = "client_session")
public class SessionRow {
    @Id
    @Column(name = "session_key", length = StoredSession.KEY_LENGTH_MAX)
    private String key;

    @Column(length = 1_000_000, nullable = false)
    private String state;

    @Column(name = "used_at", nullable = false)
    @Convert(converter = InstantConverter.class)
    private Instant usedAt;

    protected SessionRow() {}

    SessionRow(StoredSession session) {
        this.key = session.key();
        this.state = session.state();
        this.usedAt = session.usedAt();
    }

    StoredSession toStoredSession() {
        return new StoredSession(key, state, usedAt);
    }
}
