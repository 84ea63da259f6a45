-- What a model saw in a picture. Of one owner each: nobody is told what is in another person's pictures.
CREATE TABLE photo_descriptions (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id),
    sha256 TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    look INTEGER,
    similar_to TEXT,
    seen TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (owner_id, sha256, model, prompt_hash, language)
);
CREATE INDEX photo_descriptions_by_look ON photo_descriptions (owner_id, id) WHERE look IS NOT NULL AND similar_to IS NULL;
