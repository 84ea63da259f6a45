-- Whoever was in an event once was shown what others had in it; the records of their turns forget it with those others.
CREATE TABLE former_members (
    event_id uuid NOT NULL REFERENCES events (id),
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (event_id, user_id)
);
CREATE INDEX former_members_by_user ON former_members (user_id);

-- Of those who have left by now, the ones that a memory tells of.
INSERT INTO former_members (event_id, user_id)
SELECT DISTINCT r.old_event_id, m.owner_id FROM revisions r JOIN memories m ON m.id = r.memory_id
WHERE r.old_event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event_members e WHERE e.event_id = r.old_event_id AND e.user_id = m.owner_id);
