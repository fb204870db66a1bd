-- Strokes, and the pressure they were made with, as the live engine found them; when samples came
-- that came late; what a person wrote of a session; and the calibration it was done with.

CREATE TABLE stroke (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,      -- in the order in which they were told
    step TEXT NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    confirmed_s REAL NOT NULL,
    direction TEXT NOT NULL,
    travel_m REAL,               -- NULL without a wheel
    mean_kpa REAL,               -- on the whole contact area; NULL where force or area is not known
    peak_kpa REAL,
    light_return INTEGER NOT NULL,
    technique TEXT,              -- what the hand did, NULL where nothing named it
    source TEXT NOT NULL,        -- live, or late: found when the step was looked at again
    stands INTEGER NOT NULL,     -- 0: told live, and found otherwise or not at all in that look
    PRIMARY KEY (session, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace (
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,      -- number of its first tenth of a second on the session's clock
    bins INTEGER NOT NULL,
    data BLOB NOT NULL,          -- companion/store/trace.py
    PRIMARY KEY (session, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE refill (          -- samples that came late, a block of them in each row
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    place INTEGER NOT NULL,
    from_us INTEGER NOT NULL,
    to_us INTEGER NOT NULL,
    heard_us INTEGER NOT NULL,   -- the session's clock when the last of them came
    PRIMARY KEY (session, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session ON DELETE CASCADE,
    written_at TEXT NOT NULL,    -- aware UTC, ISO 8601
    words TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_session ON note (session);

ALTER TABLE session ADD COLUMN calibration TEXT; -- JSON; NULL: none of ours was used
