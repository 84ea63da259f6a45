#!lua flags=no-writes
-- Reads one batch.
-- KEYS conversation messages batches
-- ARGV id whole
-- Returns nothing when it is not known, else {batch, progress, messages}
local conversation, messages, batches = unpack(KEYS)
local id, found = ARGV[1], {}
local text, progress = unpack(redis.call('HMGET', batches, id, id .. ':progress'))
if text then
  local batch = cjson.decode(text)
  if ARGV[2] == '1' and batch.state ~= 'superseded' and batch.messages > 0 then
    local start = 2 * (batch.first - (redis.call('HGET', conversation, 'base') or 1))
    found = redis.call('LRANGE', messages, start, start + 2 * batch.messages - 1)
  end
else
  local c = redis.call('HMGET', conversation, 'window', 'open')
  local w = read_window(c[1], c[2])
  if w.id ~= id then return false end
  text = cjson.encode({state = 'open', close_reason = w.reason, opened_at = w.opened, last_appended_at = w.last, due_at = string.format('%.0f', w.due),
    messages = w.messages, photos = w.photos, bytes = w.bytes, last_group = w.group ~= '' and w.group or nil})
  if ARGV[2] == '1' then found = redis.call('LRANGE', messages, -2 * w.messages, -1) end
end
return {text, progress, found}
