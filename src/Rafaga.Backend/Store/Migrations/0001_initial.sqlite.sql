-- Times are UTC text of fixed width, so that they sort; ids are UUIDv7 text, so that they sort by age.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    bot_id INTEGER NOT NULL,
    telegram_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    username TEXT,
    language TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (bot_id, telegram_id)
);

CREATE TABLE events (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    date TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (owner_id, name_key)
);

CREATE TABLE event_members (
    event_id TEXT NOT NULL REFERENCES events (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (event_id, user_id)
) WITHOUT ROWID;
CREATE INDEX event_members_by_user ON event_members (user_id);

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    fence INTEGER NOT NULL,
    current_event_id TEXT REFERENCES events (id),
    created_at TEXT NOT NULL
);

CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    body_hash TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done')),
    fence INTEGER NOT NULL,
    claim_id TEXT NOT NULL,
    claimed_until TEXT NOT NULL,
    reply TEXT,
    messages INTEGER NOT NULL,
    photos INTEGER NOT NULL,
    memories_added INTEGER NOT NULL,
    memories_updated INTEGER NOT NULL,
    model_calls INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    done_at TEXT
);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    batch_id TEXT NOT NULL REFERENCES batches (id),
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    message_key TEXT,
    kind TEXT NOT NULL,
    text TEXT,
    sent_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    -- A message takes part in one committed batch only. With the time, because a chat that was reset counts from one again.
    UNIQUE (conversation_id, message_key, sent_at)
);
CREATE INDEX messages_by_age ON messages (conversation_id, id);

CREATE TABLE photos (
    id TEXT PRIMARY KEY,
    file_unique_id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    path TEXT NOT NULL,
    taken_at TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX photos_by_content ON photos (sha256);

-- number is the rowid that the full-text table refers to; a rowid without a name of its own may change in a VACUUM.
CREATE TABLE memories (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner_id TEXT NOT NULL REFERENCES users (id),
    event_id TEXT REFERENCES events (id),
    photo_id TEXT NOT NULL REFERENCES photos (id),
    -- A received photo is stored once, whatever happens.
    message_id TEXT NOT NULL UNIQUE REFERENCES messages (id),
    text TEXT,
    image_description TEXT,
    taken_at TEXT,
    added_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX memories_by_owner ON memories (owner_id, id);
CREATE INDEX memories_by_event ON memories (event_id, id);

CREATE TABLE revisions (
    id TEXT PRIMARY KEY,
    memory_id TEXT NOT NULL REFERENCES memories (id),
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    source TEXT NOT NULL CHECK (source IN ('user', 'vision', 'exif', 'edit', 'agent')),
    message_id TEXT REFERENCES messages (id),
    batch_id TEXT REFERENCES batches (id),
    at TEXT NOT NULL
);
CREATE INDEX revisions_by_memory ON revisions (memory_id, id);

CREATE TABLE questions (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    batch_id TEXT NOT NULL REFERENCES batches (id),
    text TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    answered_by TEXT REFERENCES batches (id)
);
CREATE INDEX questions_by_conversation ON questions (conversation_id, id);

CREATE TABLE question_memories (
    question_id TEXT NOT NULL REFERENCES questions (id),
    memory_id TEXT NOT NULL REFERENCES memories (id),
    PRIMARY KEY (question_id, memory_id)
) WITHOUT ROWID;

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    batch_id TEXT NOT NULL REFERENCES batches (id),
    model TEXT,
    prompt_hash TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    tool_calls INTEGER NOT NULL,
    stopped_by TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cached_tokens INTEGER,
    milliseconds INTEGER NOT NULL,
    at TEXT NOT NULL
);

CREATE VIRTUAL TABLE memories_fts USING fts5 (text, image_description, event_name, tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER memories_fts_insert AFTER INSERT ON memories WHEN NOT new.deleted BEGIN
    INSERT INTO memories_fts (rowid, text, image_description, event_name)
    VALUES (new.number, new.text, new.image_description, (SELECT name FROM events WHERE id = new.event_id));
END;

CREATE TRIGGER memories_fts_update AFTER UPDATE ON memories BEGIN
    DELETE FROM memories_fts WHERE rowid = old.number;
    INSERT INTO memories_fts (rowid, text, image_description, event_name)
    SELECT new.number, new.text, new.image_description, (SELECT name FROM events WHERE id = new.event_id)
    WHERE NOT new.deleted;
END;

CREATE TRIGGER memories_fts_delete AFTER DELETE ON memories BEGIN
    DELETE FROM memories_fts WHERE rowid = old.number;
END;

CREATE TRIGGER events_fts_rename AFTER UPDATE OF name ON events BEGIN
    UPDATE memories_fts SET event_name = new.name
    WHERE rowid IN (SELECT number FROM memories WHERE event_id = new.id AND NOT deleted);
END;
