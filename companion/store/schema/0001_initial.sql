-- Sessions, what was said in them, and the telemetry they were made of. Times in tool seconds are
-- on the session's clock; times of day are aware UTC in ISO 8601.

CREATE TABLE tool (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,      -- address or what else names it for good
    name TEXT NOT NULL,
    maker TEXT NOT NULL,
    model TEXT NOT NULL,
    firmware TEXT NOT NULL,
    feature BLOB NOT NULL,       -- the Tool Feature as read
    UNIQUE (identity, firmware, feature)
) STRICT;

CREATE TABLE routine (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    body TEXT NOT NULL UNIQUE    -- the routine as it was used, JSON
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    routine INTEGER NOT NULL REFERENCES routine,
    tool INTEGER REFERENCES tool,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,       -- of the last write: what an interrupted session ended at
    ended_at TEXT,               -- NULL: still open, or interrupted and not yet closed
    outcome TEXT,
    duration_s REAL,
    points INTEGER,
    possible INTEGER,
    summary TEXT,                -- JSON
    software TEXT NOT NULL,
    profile INTEGER NOT NULL,
    source TEXT NOT NULL         -- live or imported
) STRICT;
CREATE INDEX session_by_time ON session (started_at);

CREATE TABLE event (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,
    device_s REAL NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,          -- JSON, as `--json` prints it
    PRIMARY KEY (session, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE step (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,
    id TEXT NOT NULL,
    zone TEXT NOT NULL,
    side TEXT NOT NULL,
    outcome TEXT NOT NULL,
    repetitions INTEGER,         -- NULL: the tool cannot tell them
    goal INTEGER,
    duration_s REAL NOT NULL,
    mean_kpa REAL,
    peak_kpa REAL,
    points INTEGER,
    possible INTEGER,
    body TEXT NOT NULL,          -- the whole result, JSON
    PRIMARY KEY (session, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    alert INTEGER NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    onset_s REAL NOT NULL,
    raised_s REAL NOT NULL,
    cleared_s REAL,
    peak_kpa REAL,
    limit_kpa REAL NOT NULL,
    PRIMARY KEY (session, alert)
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,
    from_us INTEGER NOT NULL,
    to_us INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    resent INTEGER NOT NULL,
    data BLOB NOT NULL,          -- companion/store/blocks.py
    PRIMARY KEY (session, place)
) STRICT;
