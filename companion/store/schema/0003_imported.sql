-- What is known of each force channel, and what came with a recording that was made a session.

ALTER TABLE tool ADD COLUMN channels TEXT NOT NULL DEFAULT '[]'; -- [[m2, kg], ...], JSON

CREATE TABLE imported (
    session INTEGER PRIMARY KEY REFERENCES session ON DELETE CASCADE,
    file TEXT NOT NULL,          -- its name, without the folder
    tool TEXT NOT NULL           -- the tool file as it was read, JSON
) STRICT;
