-- What a person thought of a reply: one verdict for each.
CREATE TABLE feedback (
    batch_id TEXT PRIMARY KEY REFERENCES batches (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('up', 'down')),
    at TEXT NOT NULL
) WITHOUT ROWID;

-- Who had everything erased, as a hash under a key of this database's own, and since when nothing older may come in.
CREATE TABLE erasures (
    person_hash TEXT PRIMARY KEY,
    at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO secrets (name, value) VALUES ('erasures', hex(randomblob(32)));

-- Words of deleted and changed memories leave the index at once, and those of earlier ones now.
INSERT INTO memories_fts (memories_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO memories_fts (memories_fts) VALUES ('optimize');
