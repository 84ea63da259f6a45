-- The same tables as in SQLite, in this database's types; ids are UUIDv7, so they sort by age.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    bot_id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    username text,
    language text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (bot_id, telegram_id)
);

CREATE TABLE events (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    name_key text NOT NULL,
    date date,
    created_at timestamptz NOT NULL,
    UNIQUE (owner_id, name_key)
);

CREATE TABLE event_members (
    event_id uuid NOT NULL REFERENCES events (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (event_id, user_id)
);
CREATE INDEX event_members_by_user ON event_members (user_id);

CREATE TABLE conversations (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES users (id),
    fence bigint NOT NULL,
    current_event_id uuid REFERENCES events (id),
    created_at timestamptz NOT NULL
);

CREATE TABLE batches (
    id text PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    body_hash text NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'done')),
    fence bigint NOT NULL,
    claim_id uuid NOT NULL,
    claimed_until timestamptz NOT NULL,
    reply text,
    messages integer NOT NULL,
    photos integer NOT NULL,
    memories_added integer NOT NULL,
    memories_updated integer NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    created_at timestamptz NOT NULL,
    done_at timestamptz
);

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    batch_id text NOT NULL REFERENCES batches (id),
    role text NOT NULL CHECK (role IN ('user', 'assistant')),
    message_key text,
    kind text NOT NULL,
    text text,
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    -- A message takes part in one committed batch only. With the time, because a chat that was reset counts from one again.
    UNIQUE (conversation_id, message_key, sent_at)
);
CREATE INDEX messages_by_age ON messages (conversation_id, id);

CREATE TABLE photos (
    id uuid PRIMARY KEY,
    file_unique_id text NOT NULL UNIQUE,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    path text NOT NULL,
    taken_at timestamp,
    created_at timestamptz NOT NULL
);
CREATE INDEX photos_by_content ON photos (sha256);

CREATE TABLE memories (
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users (id),
    event_id uuid REFERENCES events (id),
    photo_id uuid NOT NULL REFERENCES photos (id),
    -- A received photo is stored once, whatever happens.
    message_id uuid NOT NULL UNIQUE REFERENCES messages (id),
    text text,
    image_description text,
    taken_at timestamp,
    added_at timestamptz NOT NULL,
    revision integer NOT NULL,
    deleted boolean NOT NULL DEFAULT false,
    -- Kept by triggers; null when deleted.
    search tsvector
);
CREATE INDEX memories_by_owner ON memories (owner_id, id);
CREATE INDEX memories_by_event ON memories (event_id, id);
CREATE INDEX memories_by_words ON memories USING gin (search);

CREATE TABLE revisions (
    id uuid PRIMARY KEY,
    memory_id uuid NOT NULL REFERENCES memories (id),
    number integer NOT NULL,
    field text NOT NULL,
    old text,
    new text,
    source text NOT NULL CHECK (source IN ('user', 'vision', 'exif', 'edit', 'agent')),
    message_id uuid REFERENCES messages (id),
    batch_id text REFERENCES batches (id),
    at timestamptz NOT NULL
);
CREATE INDEX revisions_by_memory ON revisions (memory_id, id);

CREATE TABLE questions (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    batch_id text NOT NULL REFERENCES batches (id),
    text text NOT NULL,
    asked_at timestamptz NOT NULL,
    answered_by text REFERENCES batches (id)
);
CREATE INDEX questions_by_conversation ON questions (conversation_id, id);

CREATE TABLE question_memories (
    question_id uuid NOT NULL REFERENCES questions (id),
    memory_id uuid NOT NULL REFERENCES memories (id),
    PRIMARY KEY (question_id, memory_id)
);

CREATE TABLE runs (
    id uuid PRIMARY KEY,
    batch_id text NOT NULL REFERENCES batches (id),
    model text,
    prompt_hash text NOT NULL,
    rounds integer NOT NULL,
    tool_calls integer NOT NULL,
    stopped_by text,
    input_tokens bigint,
    output_tokens bigint,
    cached_tokens bigint,
    milliseconds bigint NOT NULL,
    at timestamptz NOT NULL
);

-- A text without case, accents and punctuation: what is looked for is folded the same way. Punctuation goes first, because the parser
-- would take "beach/sand" for the path of a file. In plain SQL, because the extension for accents may not be at hand.
CREATE FUNCTION search_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(regexp_replace(normalize(coalesce(value, ''), NFD), '[\u0300-\u036f]', '', 'g'), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'))
$$;

-- Words as they are written, for prefixes, beside their Spanish and English stems.
CREATE FUNCTION search_vector(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT strip(to_tsvector('simple', value) || to_tsvector('spanish', value) || to_tsvector('english', value))
$$;

-- All of the words, each as the beginning of a word or as a form of one; words are letters and digits. None is found by no words.
CREATE FUNCTION search_query(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(
        '(' || concat_ws(' | ', quote_literal(word) || ':*', nullif(plainto_tsquery('spanish', word)::text, ''), nullif(plainto_tsquery('english', word)::text, '')) || ')',
        ' & ')::tsquery
    FROM unnest(words) AS word
$$;

CREATE FUNCTION memories_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.search := CASE WHEN NOT new.deleted THEN
        search_vector(search_fold(concat_ws(' ', new.text, new.image_description, (SELECT name FROM events WHERE id = new.event_id))))
    END;
    RETURN new;
END
$$;
CREATE TRIGGER memories_search BEFORE INSERT OR UPDATE OF text, image_description, event_id, deleted, search ON memories
    FOR EACH ROW EXECUTE FUNCTION memories_search();

CREATE FUNCTION events_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memories SET search = NULL WHERE event_id = new.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER events_search AFTER UPDATE OF name ON events
    FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION events_search();
