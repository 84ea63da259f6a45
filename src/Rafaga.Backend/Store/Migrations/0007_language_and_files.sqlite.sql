-- A language that the person has chosen wins over what Telegram says.
ALTER TABLE users ADD COLUMN language_chosen INTEGER NOT NULL DEFAULT 0;

-- By which the bot can send the picture of a memory again without an upload, and as what.
ALTER TABLE memories ADD COLUMN file_id TEXT;
ALTER TABLE memories ADD COLUMN file_kind TEXT;
