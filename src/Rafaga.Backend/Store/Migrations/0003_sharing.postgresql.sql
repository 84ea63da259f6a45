-- The code itself is told once and not kept.
CREATE TABLE invites (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events (id),
    code_hash text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('editor', 'viewer')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX invites_by_event ON invites (event_id);

-- What a command was answered, so that one that is delivered again is not carried out again.
CREATE TABLE commands (
    conversation_id uuid NOT NULL REFERENCES conversations (id),
    id text NOT NULL,
    name text NOT NULL,
    reply text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, id)
);
