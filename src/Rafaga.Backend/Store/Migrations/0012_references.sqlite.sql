-- A row can only go when no other one refers to it; without an index, each that goes searches the whole table for that.
CREATE INDEX conversations_by_user ON conversations (user_id);
CREATE INDEX conversations_by_event ON conversations (current_event_id);
CREATE INDEX batches_by_conversation ON batches (conversation_id);
CREATE INDEX messages_by_batch ON messages (batch_id);
CREATE INDEX memories_by_photo ON memories (photo_id);
CREATE INDEX revisions_by_message ON revisions (message_id);
CREATE INDEX revisions_by_batch ON revisions (batch_id);
CREATE INDEX revisions_by_event ON revisions (old_event_id);
CREATE INDEX questions_by_batch ON questions (batch_id);
CREATE INDEX questions_by_answer ON questions (answered_by);
CREATE INDEX question_memories_by_memory ON question_memories (memory_id);
CREATE INDEX summaries_by_message ON summaries (through_message_id);

-- With those out of sight, which are few.
DROP INDEX memories_by_owner;
DROP INDEX memories_by_event;
CREATE INDEX memories_by_owner ON memories (owner_id);
CREATE INDEX memories_by_event ON memories (event_id, number, deleted, hidden, owner_id);

-- Whether its files and freed pages are cleared away; what was not is, at the next start.
ALTER TABLE erasures ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;
