-- The day a memory is of: taken, else added. month_day is 502 for the second of May, of any year.
ALTER TABLE memories ADD COLUMN day TEXT GENERATED ALWAYS AS (substr(coalesce(taken_at, added_at), 1, 10)) VIRTUAL;
ALTER TABLE memories ADD COLUMN month_day INTEGER GENERATED ALWAYS AS (CAST(substr(coalesce(taken_at, added_at), 6, 2) || substr(coalesce(taken_at, added_at), 9, 2) AS INTEGER)) VIRTUAL;

-- Lists go by number, or by day and number; every index ends with the number, which is the rowid.
DROP INDEX memories_by_owner;
DROP INDEX memories_by_event;
CREATE INDEX memories_by_owner ON memories (owner_id) WHERE NOT deleted;
CREATE INDEX memories_by_owner_and_day ON memories (owner_id, day) WHERE NOT deleted;
-- With what a count and a choice of owners need, so that neither looks into the rows.
CREATE INDEX memories_by_event ON memories (event_id, number, deleted, owner_id) WHERE NOT deleted;
CREATE INDEX memories_by_day ON memories (day) WHERE NOT deleted;
CREATE INDEX memories_by_month_day ON memories (month_day, day) WHERE NOT deleted;
CREATE INDEX events_by_name ON events (name_key);
CREATE INDEX users_by_name ON users (name_key);
CREATE INDEX users_by_username ON users (username);

-- scope holds the ids of owner and event as words, so that the index itself finds the words of one person among those of all.
DROP TRIGGER memories_fts_insert;
DROP TRIGGER memories_fts_update;
DROP TRIGGER memories_fts_delete;
DROP TRIGGER events_fts_rename;
DROP TABLE memories_fts;
CREATE VIRTUAL TABLE memories_fts USING fts5 (text, image_description, event_name, scope, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5');

CREATE VIEW memories_words AS
SELECT m.number, m.text, m.image_description, e.name AS event_name, replace('o' || m.owner_id || coalesce(' e' || m.event_id, ''), '-', '') AS scope
FROM memories m LEFT JOIN events e ON e.id = m.event_id
WHERE NOT m.deleted;

INSERT INTO memories_fts (rowid, text, image_description, event_name, scope) SELECT * FROM memories_words;

CREATE TRIGGER memories_fts_insert AFTER INSERT ON memories BEGIN
    INSERT INTO memories_fts (rowid, text, image_description, event_name, scope) SELECT * FROM memories_words WHERE number = new.number;
END;

CREATE TRIGGER memories_fts_update AFTER UPDATE ON memories BEGIN
    DELETE FROM memories_fts WHERE rowid = old.number;
    INSERT INTO memories_fts (rowid, text, image_description, event_name, scope) SELECT * FROM memories_words WHERE number = new.number;
END;

CREATE TRIGGER memories_fts_delete AFTER DELETE ON memories BEGIN
    DELETE FROM memories_fts WHERE rowid = old.number;
END;

CREATE TRIGGER events_fts_rename AFTER UPDATE OF name ON events BEGIN
    UPDATE memories_fts SET event_name = new.name
    WHERE rowid IN (SELECT number FROM memories WHERE event_id = new.id AND NOT deleted);
END;
