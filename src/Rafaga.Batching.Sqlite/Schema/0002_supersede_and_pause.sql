-- The queue, version 2: the state 'superseded', and pauses. Run with foreign keys off: dropping the old table must not take the messages along.

DROP VIEW readable_batches;
DROP VIEW readable_messages;

-- A row from the opening of the window to the purge. A superseded one has handed its messages on and keeps its counts.
CREATE TABLE batches_2 (
  id               TEXT    NOT NULL PRIMARY KEY,
  conversation     TEXT    NOT NULL,
  position         INTEGER,                 -- place in the conversation's queue; null once ended
  state            TEXT    NOT NULL CHECK (state IN ('open', 'sealed', 'leased', 'retry', 'done', 'superseded', 'dead', 'cancelled')),
  close_reason     TEXT,
  opened_at        INTEGER NOT NULL,
  last_appended_at INTEGER NOT NULL,
  sealed_at        INTEGER,
  ended_at         INTEGER,
  due_at           INTEGER NOT NULL,        -- close of the window, end of the lease, or next attempt
  message_count    INTEGER NOT NULL,
  photo_count      INTEGER NOT NULL,
  byte_count       INTEGER NOT NULL,
  last_group       TEXT,
  attempt          INTEGER NOT NULL DEFAULT 0,
  crashes          INTEGER NOT NULL DEFAULT 0,
  fence            INTEGER NOT NULL DEFAULT 0,
  progress         BLOB,
  error            TEXT,
  CHECK ((position IS NULL) = (state IN ('done', 'superseded', 'dead', 'cancelled'))),
  CHECK ((ended_at IS NULL) = (position IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO batches_2 SELECT * FROM batches;
DROP TABLE batches;
ALTER TABLE batches_2 RENAME TO batches;

CREATE UNIQUE INDEX batches_queue ON batches (conversation, position) WHERE position IS NOT NULL;
-- What must never be, the file itself refuses: a second window or a second lease of a conversation.
CREATE UNIQUE INDEX batches_window ON batches (conversation) WHERE state = 'open';
CREATE UNIQUE INDEX batches_lease ON batches (conversation) WHERE state = 'leased';
CREATE INDEX batches_state ON batches (state, id);
CREATE INDEX batches_conversation ON batches (conversation, id);
CREATE INDEX batches_ended ON batches (ended_at) WHERE ended_at IS NOT NULL;

-- What is not claimed, in the order of keys. The due time of a paused conversation is null.
CREATE TABLE pauses (
  conversation TEXT NOT NULL PRIMARY KEY -- '' holds back all
) STRICT, WITHOUT ROWID;

CREATE VIEW readable_batches AS
SELECT id, conversation, state, close_reason, message_count AS messages, photo_count AS photos, attempt, crashes, fence, error,
       strftime('%F %T', (opened_at - 621355968000000000) / 10000000, 'unixepoch') AS opened_utc,
       strftime('%F %T', (due_at - 621355968000000000) / 10000000, 'unixepoch') AS due_utc,
       strftime('%F %T', (ended_at - 621355968000000000) / 10000000, 'unixepoch') AS ended_utc
FROM batches ORDER BY id DESC;

CREATE VIEW readable_messages AS
SELECT b.conversation, b.state, m.batch, m.sequence, m.id, m.photos,
       strftime('%F %T', (m.appended_at - 621355968000000000) / 10000000, 'unixepoch') AS appended_utc,
       CAST(m.body AS TEXT) AS body
FROM messages m JOIN batches b ON b.id = m.batch ORDER BY m.batch DESC, m.sequence;
