-- What a person thought of a reply: one verdict for each.
CREATE TABLE feedback (
    batch_id text PRIMARY KEY REFERENCES batches (id),
    verdict text NOT NULL CHECK (verdict IN ('up', 'down')),
    at timestamptz NOT NULL
);

-- Who had everything erased, as a hash under a key of this database's own, and since when nothing older may come in.
CREATE TABLE erasures (
    person_hash text PRIMARY KEY,
    at timestamptz NOT NULL
);
CREATE TABLE secrets (
    name text PRIMARY KEY,
    value text NOT NULL
);
INSERT INTO secrets (name, value) VALUES ('erasures', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
