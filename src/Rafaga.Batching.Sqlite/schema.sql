-- The queue, version 1. Times are UTC ticks of 100 ns since the year 1; the views at the end show them to people:
--   sqlite3 data/queue.db "select * from readable_batches"

CREATE TABLE conversations (
  id            TEXT    NOT NULL PRIMARY KEY,
  last_sequence INTEGER NOT NULL,           -- of the last message
  fence         INTEGER NOT NULL DEFAULT 0, -- number of the last lease
  due_at        INTEGER                     -- that of the first batch in the queue; null when nothing waits
) STRICT, WITHOUT ROWID;

CREATE INDEX conversations_due ON conversations (due_at, id) WHERE due_at IS NOT NULL;

-- A row from the opening of the window to the purge.
CREATE TABLE batches (
  id               TEXT    NOT NULL PRIMARY KEY,
  conversation     TEXT    NOT NULL,
  position         INTEGER,                 -- place in the conversation's queue; null once ended
  state            TEXT    NOT NULL CHECK (state IN ('open', 'sealed', 'leased', 'retry', 'done', 'dead', 'cancelled')),
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
  CHECK ((position IS NULL) = (state IN ('done', 'dead', 'cancelled'))),
  CHECK ((ended_at IS NULL) = (position IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX batches_queue ON batches (conversation, position) WHERE position IS NOT NULL;
-- What must never be, the file itself refuses: a second window or a second lease of a conversation.
CREATE UNIQUE INDEX batches_window ON batches (conversation) WHERE state = 'open';
CREATE UNIQUE INDEX batches_lease ON batches (conversation) WHERE state = 'leased';
CREATE INDEX batches_state ON batches (state, id);
CREATE INDEX batches_conversation ON batches (conversation, id);
CREATE INDEX batches_ended ON batches (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE messages (
  batch       TEXT    NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  sequence    INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  appended_at INTEGER NOT NULL,
  group_id    TEXT,
  group_order INTEGER NOT NULL,
  photos      INTEGER NOT NULL,
  body        BLOB    NOT NULL,
  PRIMARY KEY (batch, sequence)
) STRICT;

-- Ids are remembered longer, or shorter, than the messages themselves.
CREATE TABLE message_ids (
  conversation TEXT    NOT NULL,
  id           TEXT    NOT NULL,
  appended_at  INTEGER NOT NULL,
  PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_ids_appended ON message_ids (appended_at);

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
