-- What waits for a broker, and what is remembered of it.

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    msg_id TEXT NOT NULL UNIQUE, -- the same each time it is sent
    session TEXT NOT NULL REFERENCES session (uid) ON DELETE CASCADE,
    kind TEXT NOT NULL,          -- alert, summary or last
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,       -- JSON
    created REAL NOT NULL        -- Unix time, seconds
) STRICT;
CREATE INDEX outbox_by_kind ON outbox (kind, seq);
CREATE INDEX outbox_by_session ON outbox (session);

CREATE TABLE broker_note (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
