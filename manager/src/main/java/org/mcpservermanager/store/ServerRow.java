package org.mcpservermanager.store;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;

/** What is kept of a server: its spec when the API defined it, and the wish once the operator gave one. */
@Entity
@Table(name = "server")
public class ServerRow {
    /** Who defined the server. */
    public enum Origin {
        API,
        FILE
    }

    @Id
    private String id;

    @Column(length = 1_000_000)
    private String spec;

    @Enumerated(EnumType.STRING)
    @Column(length = 8, nullable = false)
    private Origin origin;

    @Enumerated(EnumType.STRING)
    @Column(length = 8)
    private Wish wish;

    @Column(name = "updated_at", nullable = false)
    @Convert(converter = InstantConverter.class)
    private Instant updatedAt;

    protected ServerRow() {}

    ServerRow(ServerId server, Origin origin) {
        this.id = server.value();
        this.origin = origin;
        this.updatedAt = Instant.now();
    }

    ServerId server() {
        return new ServerId(id);
    }

    String spec() {
        return spec;
    }

    Wish wish() {
        return wish;
    }

    void define(String json) {
        spec = json;
        origin = Origin.API;
        updatedAt = Instant.now();
    }

    void forget() {
        spec = null;
        origin = Origin.FILE;
        updatedAt = Instant.now();
    }

    void wish(Wish given) {
        wish = given;
        updatedAt = Instant.now();
    }
}
