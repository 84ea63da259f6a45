-- A hidden memory stays as it is and is not shown; a deleted one can be brought back.
ALTER TABLE memories ADD COLUMN hidden boolean NOT NULL DEFAULT false;
CREATE INDEX memories_out_of_sight ON memories (number) WHERE deleted OR hidden;

-- Albums go by day.
CREATE INDEX memories_by_event_and_day ON memories (event_id, day, number) WHERE NOT deleted AND NOT hidden;

-- What the model was given, as text.
ALTER TABLE runs ADD COLUMN input text;

-- The operator changes memories, too.
ALTER TABLE revisions DROP CONSTRAINT revisions_source_check;
ALTER TABLE revisions ADD CONSTRAINT revisions_source_check CHECK (source IN ('user', 'vision', 'exif', 'edit', 'agent', 'operator'));
