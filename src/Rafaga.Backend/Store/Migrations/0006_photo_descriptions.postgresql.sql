-- What a model saw in a picture. Of one owner each: nobody is told what is in another person's pictures.
CREATE TABLE photo_descriptions (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users (id),
    sha256 text NOT NULL,
    model text NOT NULL,
    prompt_hash text NOT NULL,
    language text NOT NULL,
    look bigint,
    similar_to text,
    seen text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (owner_id, sha256, model, prompt_hash, language)
);
CREATE INDEX photo_descriptions_by_look ON photo_descriptions (owner_id, id) WHERE look IS NOT NULL AND similar_to IS NULL;
