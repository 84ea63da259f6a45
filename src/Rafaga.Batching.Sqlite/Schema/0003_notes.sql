-- The queue, version 3: what was said when a dead letter was discarded.

ALTER TABLE batches ADD COLUMN note TEXT;
