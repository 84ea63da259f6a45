-- Names change; undoing the move of a memory needs the event itself.
ALTER TABLE revisions ADD COLUMN old_event_id TEXT REFERENCES events (id);
UPDATE revisions SET old_event_id = (
    SELECT e.id FROM events e JOIN memories m ON m.owner_id = e.owner_id WHERE m.id = revisions.memory_id AND e.name = revisions.old)
WHERE field = 'event';
-- The revision whose change this one took back.
ALTER TABLE revisions ADD COLUMN undoes INTEGER;
