-- The queue, version 4: the trace that a message came by.

ALTER TABLE messages ADD COLUMN trace_parent TEXT;
