PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;

CREATE TABLE IF NOT EXISTS people (
  id            INTEGER PRIMARY KEY,
  username      TEXT NOT NULL UNIQUE,
  first_name    TEXT NOT NULL,
  language_code TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS groups (
  id          INTEGER PRIMARY KEY,
  type        TEXT NOT NULL CHECK (type IN ('group', 'supergroup')),
  title       TEXT NOT NULL,
  is_forum    INTEGER NOT NULL,
  migrated_to INTEGER
) STRICT;

-- What the bot is in a chat, where it is not simply there: in private chats kicked means blocked, and deactivated is the person's account.
CREATE TABLE IF NOT EXISTS standings (
  chat_id INTEGER PRIMARY KEY,
  status  TEXT NOT NULL CHECK (status IN ('administrator', 'left', 'kicked', 'deactivated'))
) STRICT;

-- json is the message as the Bot API shows it. The first message of a topic is its id.
CREATE TABLE IF NOT EXISTS messages (
  chat_id    INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  json       TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) STRICT;

-- json is the list of reactions of one person, or of the bot, to one message.
CREATE TABLE IF NOT EXISTS reactions (
  chat_id    INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  json       TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id, user_id)
) STRICT;

-- Buttons that were pressed; answer is what the bot said to it.
CREATE TABLE IF NOT EXISTS callback_queries (
  id      TEXT PRIMARY KEY,
  chat_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  date    INTEGER NOT NULL,
  answer  TEXT
) STRICT;

-- Updates that the bot has not confirmed yet. The settings hold the last id given, so that none is given twice.
CREATE TABLE IF NOT EXISTS updates (
  update_id INTEGER PRIMARY KEY,
  date      INTEGER NOT NULL,
  json      TEXT NOT NULL,
  chat_id   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Updates that a fault holds back; due is in milliseconds.
CREATE TABLE IF NOT EXISTS held_updates (
  number  INTEGER PRIMARY KEY,
  due     INTEGER NOT NULL,
  date    INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  chat_id INTEGER NOT NULL,
  json    TEXT NOT NULL
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

-- What a file is part of, as messages show it: what sending it again by its id needs.
CREATE TABLE IF NOT EXISTS attachments (
  file_id TEXT PRIMARY KEY REFERENCES files (file_id),
  kind    TEXT NOT NULL,
  json    TEXT NOT NULL
) STRICT;

-- Until when a path that getFile gave can be downloaded.
CREATE TABLE IF NOT EXISTS file_links (
  path  TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

INSERT OR IGNORE INTO people VALUES (1001, 'ana', 'Ana', 'es'), (1002, 'luis', 'Luis', 'en');
