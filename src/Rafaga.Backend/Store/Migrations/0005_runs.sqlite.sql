-- A run is kept even when it failed: it was paid for. Money is whole billionths of a dollar, so that sums are exact.
ALTER TABLE runs ADD COLUMN user_id TEXT REFERENCES users (id);
ALTER TABLE runs ADD COLUMN purpose TEXT NOT NULL DEFAULT 'agent';
ALTER TABLE runs ADD COLUMN provider TEXT NOT NULL DEFAULT 'offline';
ALTER TABLE runs ADD COLUMN cache_write_tokens INTEGER;
ALTER TABLE runs ADD COLUMN cost_nano_usd INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN failure TEXT;
UPDATE runs SET user_id = (SELECT c.user_id FROM batches b JOIN conversations c ON c.id = b.conversation_id WHERE b.id = runs.batch_id);
CREATE INDEX runs_by_user ON runs (user_id, at);
CREATE INDEX runs_by_batch ON runs (batch_id, id);

CREATE TABLE run_calls (
    run_id TEXT NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL,
    round INTEGER NOT NULL,
    tool TEXT NOT NULL,
    arguments TEXT NOT NULL,
    result TEXT NOT NULL,
    failed INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (run_id, number)
) WITHOUT ROWID;

-- What was said in a conversation up to a message, in short.
CREATE TABLE summaries (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id),
    text TEXT NOT NULL,
    through_message_id TEXT NOT NULL REFERENCES messages (id),
    at TEXT NOT NULL
) WITHOUT ROWID;
