PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;

CREATE TABLE IF NOT EXISTS people (
  id            INTEGER PRIMARY KEY,
  username      TEXT NOT NULL UNIQUE,
  first_name    TEXT NOT NULL,
  language_code TEXT NOT NULL
) STRICT;

-- json is the message as the Bot API shows it.
CREATE TABLE IF NOT EXISTS messages (
  chat_id    INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  json       TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) STRICT;

-- Updates that the bot has not confirmed yet. The settings hold the last id given, so that none is given twice.
CREATE TABLE IF NOT EXISTS updates (
  update_id INTEGER PRIMARY KEY,
  date      INTEGER NOT NULL,
  json      TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS contents (
  hash  TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS files (
  number         INTEGER PRIMARY KEY,
  file_id        TEXT NOT NULL UNIQUE,
  file_unique_id TEXT NOT NULL UNIQUE,
  path           TEXT NOT NULL UNIQUE,
  media_type     TEXT NOT NULL,
  hash           TEXT NOT NULL REFERENCES contents (hash)
) STRICT;

CREATE TABLE IF NOT EXISTS settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

INSERT OR IGNORE INTO people VALUES (1001, 'ana', 'Ana', 'es'), (1002, 'luis', 'Luis', 'en');
