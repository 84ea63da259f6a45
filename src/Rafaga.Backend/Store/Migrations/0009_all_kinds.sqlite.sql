-- Memories of all kinds: the table photos is the archive of every file, one without width and height is none.
ALTER TABLE photos ADD COLUMN place TEXT;
ALTER TABLE memories ADD COLUMN kind TEXT NOT NULL DEFAULT 'photo';
ALTER TABLE memories ADD COLUMN duration INTEGER;
ALTER TABLE memories ADD COLUMN name TEXT;
ALTER TABLE memories ADD COLUMN place TEXT;
ALTER TABLE memories ADD COLUMN forwarded_from TEXT;

-- What belongs to a message that came earlier: members of its album, its edits.
ALTER TABLE messages ADD COLUMN album TEXT;
ALTER TABLE messages ADD COLUMN edits TEXT;
ALTER TABLE messages ADD COLUMN edited_at TEXT;
CREATE INDEX messages_by_album ON messages (conversation_id, album) WHERE album IS NOT NULL;
CREATE INDEX messages_by_edited ON messages (conversation_id, edits) WHERE edits IS NOT NULL;
