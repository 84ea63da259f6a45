-- All of the words, each as the beginning of a word or as a form of one. A form that begins with the word itself is found by it already, and would only cost time.
CREATE OR REPLACE FUNCTION search_query(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg('(' || concat_ws(' | ', quote_literal(word) || ':*', forms) || ')', ' & ')::tsquery
    FROM unnest(words) AS word, LATERAL (
        SELECT string_agg(DISTINCT form, ' | ') AS forms
        FROM (VALUES (plainto_tsquery('spanish', word)::text), (plainto_tsquery('english', word)::text)) AS stems (form)
        WHERE form <> '' AND NOT starts_with(form, '''' || word)) AS more
$$;

-- How many memories an event has, of those that are shown; kept by triggers, because every turn asks for all of a person's events.
ALTER TABLE events ADD COLUMN memories integer NOT NULL DEFAULT 0;
UPDATE events SET memories = (SELECT count(*) FROM memories m WHERE m.event_id = events.id AND NOT m.deleted AND NOT m.hidden);

CREATE FUNCTION events_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before uuid := CASE WHEN TG_OP <> 'INSERT' THEN CASE WHEN NOT (old.deleted OR old.hidden) THEN old.event_id END END;
    after uuid := CASE WHEN TG_OP <> 'DELETE' THEN CASE WHEN NOT (new.deleted OR new.hidden) THEN new.event_id END END;
BEGIN
    IF before IS DISTINCT FROM after THEN
        UPDATE events SET memories = memories - 1 WHERE id = before;
        UPDATE events SET memories = memories + 1 WHERE id = after;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER events_count AFTER INSERT OR DELETE OR UPDATE OF event_id, deleted, hidden ON memories FOR EACH ROW EXECUTE FUNCTION events_count();
