-- How many memories an event has, of those that are shown; kept by triggers, because every turn asks for all of a person's events.
ALTER TABLE events ADD COLUMN memories INTEGER NOT NULL DEFAULT 0;
UPDATE events SET memories = (SELECT count(*) FROM memories m WHERE m.event_id = events.id AND NOT m.deleted AND NOT m.hidden);

CREATE TRIGGER events_count_insert AFTER INSERT ON memories WHEN NOT new.deleted AND NOT new.hidden BEGIN
    UPDATE events SET memories = memories + 1 WHERE id = new.event_id;
END;

CREATE TRIGGER events_count_update AFTER UPDATE OF event_id, deleted, hidden ON memories BEGIN
    UPDATE events SET memories = memories - 1 WHERE id = old.event_id AND NOT old.deleted AND NOT old.hidden;
    UPDATE events SET memories = memories + 1 WHERE id = new.event_id AND NOT new.deleted AND NOT new.hidden;
END;

CREATE TRIGGER events_count_delete AFTER DELETE ON memories WHEN NOT old.deleted AND NOT old.hidden BEGIN
    UPDATE events SET memories = memories - 1 WHERE id = old.event_id;
END;

-- With what a choice of owners needs and whether it is shown, so that neither looks into the rows.
DROP INDEX memories_by_event;
CREATE INDEX memories_by_event ON memories (event_id, number, deleted, hidden, owner_id) WHERE NOT deleted AND NOT hidden;
