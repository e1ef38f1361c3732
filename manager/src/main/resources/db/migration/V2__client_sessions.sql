create table client_session (
    session_key varchar(64) not null primary key,
    state ${long_text} not null,
    used_at bigint not null
);

create index client_session_by_use on client_session (used_at);
