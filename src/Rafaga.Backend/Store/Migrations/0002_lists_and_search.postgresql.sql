-- The day a memory is of: taken, else added. month_day is 502 for the second of May, of any year.
ALTER TABLE memories
    ADD COLUMN day date NOT NULL GENERATED ALWAYS AS (coalesce(taken_at, added_at AT TIME ZONE 'UTC')::date) STORED,
    ADD COLUMN month_day integer NOT NULL GENERATED ALWAYS AS (
        extract(month FROM coalesce(taken_at, added_at AT TIME ZONE 'UTC'))::integer * 100 + extract(day FROM coalesce(taken_at, added_at AT TIME ZONE 'UTC'))::integer) STORED;

-- Lists go by number, or by day and number.
DROP INDEX memories_by_owner;
DROP INDEX memories_by_event;
CREATE INDEX memories_by_owner ON memories (owner_id, number) WHERE NOT deleted;
CREATE INDEX memories_by_owner_and_day ON memories (owner_id, day, number) WHERE NOT deleted;
CREATE INDEX memories_by_event ON memories (event_id, number) WHERE NOT deleted;
CREATE INDEX memories_by_day ON memories (day, number) WHERE NOT deleted;
CREATE INDEX memories_by_month_day ON memories (month_day, day, number) WHERE NOT deleted;
CREATE INDEX events_by_name ON events (name_key);
CREATE INDEX users_by_name ON users (name_key);
CREATE INDEX users_by_username ON users (username);
