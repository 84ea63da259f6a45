#!lua flags=no-writes
-- Reads one batch.
-- KEYS conversation messages batches
-- ARGV id whole
-- Returns nothing when it is not known, else {batch, progress, messages}
local conversation, messages, batches = unpack(KEYS)
local id = ARGV[1]
local text, first, count = redis.call('HGET', batches, id), nil, nil
local c = redis.call('HMGET', conversation, 'open', 'opened', 'last', 'due', 'sequence', 'first', 'photos', 'bytes', 'reason', 'group', 'base')
if text then
  local batch = cjson.decode(text)
  first, count = batch.first, batch.messages
elseif c[1] == id then
  first, count = tonumber(c[6]), c[5] - c[6] + 1
  text = cjson.encode({state = 'open', close_reason = c[9] or nil, opened_at = c[2], last_appended_at = c[3], due_at = c[4],
    messages = count, photos = tonumber(c[7]) or 0, bytes = tonumber(c[8]), first = first, last_group = c[10] or nil})
else return false end
local start = 2 * (first - (tonumber(c[11]) or 1))
return {text, redis.call('HGET', batches, id .. ':progress'), ARGV[2] == '1' and redis.call('LRANGE', messages, start, start + 2 * count - 1) or {}}
