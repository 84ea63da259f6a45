-- A run is kept even when it failed: it was paid for. Money is whole billionths of a dollar, so that sums are exact.
ALTER TABLE runs
    ADD COLUMN user_id uuid REFERENCES users (id),
    ADD COLUMN purpose text NOT NULL DEFAULT 'agent',
    ADD COLUMN provider text NOT NULL DEFAULT 'offline',
    ADD COLUMN cache_write_tokens bigint,
    ADD COLUMN cost_nano_usd bigint NOT NULL DEFAULT 0,
    ADD COLUMN failure text;
UPDATE runs SET user_id = (SELECT c.user_id FROM batches b JOIN conversations c ON c.id = b.conversation_id WHERE b.id = runs.batch_id);
CREATE INDEX runs_by_user ON runs (user_id, at);
CREATE INDEX runs_by_batch ON runs (batch_id, id);

CREATE TABLE run_calls (
    run_id uuid NOT NULL REFERENCES runs (id),
    number integer NOT NULL,
    round integer NOT NULL,
    tool text NOT NULL,
    arguments text NOT NULL,
    result text NOT NULL,
    failed boolean NOT NULL,
    milliseconds bigint NOT NULL,
    PRIMARY KEY (run_id, number)
);

-- What was said in a conversation up to a message, in short.
CREATE TABLE summaries (
    conversation_id uuid PRIMARY KEY REFERENCES conversations (id),
    text text NOT NULL,
    through_message_id uuid NOT NULL REFERENCES messages (id),
    at timestamptz NOT NULL
);
