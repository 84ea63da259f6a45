-- A hidden memory stays as it is and is not shown; a deleted one can be brought back.
ALTER TABLE memories ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
CREATE INDEX memories_out_of_sight ON memories (number) WHERE deleted OR hidden;

-- Albums go by day.
CREATE INDEX memories_by_event_and_day ON memories (event_id, day) WHERE NOT deleted AND NOT hidden;

-- What the model was given, as text.
ALTER TABLE runs ADD COLUMN input TEXT;

-- The operator changes memories, too. A check cannot be altered here, so the table is made anew.
CREATE TABLE revisions_new (
    id TEXT PRIMARY KEY,
    memory_id TEXT NOT NULL REFERENCES memories (id),
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    source TEXT NOT NULL CHECK (source IN ('user', 'vision', 'exif', 'edit', 'agent', 'operator')),
    message_id TEXT REFERENCES messages (id),
    batch_id TEXT REFERENCES batches (id),
    at TEXT NOT NULL,
    old_event_id TEXT REFERENCES events (id),
    undoes INTEGER
);
INSERT INTO revisions_new (id, memory_id, number, field, old, new, source, message_id, batch_id, at, old_event_id, undoes)
SELECT id, memory_id, number, field, old, new, source, message_id, batch_id, at, old_event_id, undoes FROM revisions;
DROP TABLE revisions;
ALTER TABLE revisions_new RENAME TO revisions;
CREATE INDEX revisions_by_memory ON revisions (memory_id, id);
