-- One set for H2, PostgreSQL and MariaDB: moments are milliseconds since 1970, what differs is a placeholder.
create table server (
    id varchar(63) not null primary key,
    spec ${long_text},
    origin varchar(8) not null,
    wish varchar(8),
    updated_at bigint not null
);

create table history (
    server_id varchar(63) not null,
    change_number bigint not null,
    generation bigint not null,
    from_phase varchar(16) not null,
    to_phase varchar(16) not null,
    cause_code varchar(64),
    cause_message varchar(2000),
    cause_remedy varchar(2000),
    exit_code integer,
    exit_signal integer,
    at_millis bigint not null,
    primary key (server_id, change_number)
);

create table deployment (
    id varchar(36) not null primary key,
    server_id varchar(63) not null,
    slug varchar(63) not null,
    endpoint_url varchar(2000) not null,
    status varchar(8) not null,
    health varchar(16) not null,
    last_check bigint,
    deployed_at bigint not null,
    stopped_at bigint
);

create index deployment_by_slug on deployment (slug, deployed_at);
create index deployment_by_server on deployment (server_id, deployed_at);
