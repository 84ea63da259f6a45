-- A language that the person has chosen wins over what Telegram says.
ALTER TABLE users ADD COLUMN language_chosen boolean NOT NULL DEFAULT false;

-- By which the bot can send the picture of a memory again without an upload, and as what.
ALTER TABLE memories ADD COLUMN file_id text;
ALTER TABLE memories ADD COLUMN file_kind text;
