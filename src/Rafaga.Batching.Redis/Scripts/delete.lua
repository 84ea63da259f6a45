#!lua flags=allow-oom
-- Takes a message out of the conversation's open window; a window that holds nothing any more ends as cancelled.
-- KEYS due conversation messages batches open cancelled ended
-- ARGV now name id
-- Returns {0}: no open window holds it, {1, batch id, messages left}
local due, conversation, messages, batches, open, cancelled, ended = unpack(KEYS)
local name, now = ARGV[2], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c = redis.call('HMGET', conversation, 'window', 'open', 'queue')
local w, place, head, body = read_window(c[1], c[2]), nil, nil, nil
if w.id then place, head, body = find_message(messages, w.messages, ARGV[3]) end
if not place then return {0} end

-- What came after it is put back, so that a window has no holes.
local after = place < -2 and redis.call('LRANGE', messages, place + 2, -1) or {}
redis.call('LTRIM', messages, 0, place - 1)
for i = 1, #after, 2 do redis.call('RPUSH', messages, after[i], after[i + 1]) end
w.messages, w.photos, w.bytes = w.messages - 1, w.photos - (string.match(head, ',"photos":(%d+)}$') or 0), w.bytes - #body
if w.messages > 0 then
  redis.call('HSET', conversation, 'window', window_text(w))
  return {1, w.id, w.messages}
end

local at, member = string.format('%.0f', now), w.id .. ' ' .. name
redis.call('HSET', batches, w.id, batch_of(w, '"state":"cancelled","due_at":"' .. at .. '","ended_at":"' .. at .. '"', 'cancel', at, 0))
redis.call('HSET', conversation, 'window', w.sequence .. ' 0 0 0 0')
redis.call('ZREM', open, member)
redis.call('ZADD', cancelled, 0, member)
redis.call('ZADD', ended, at, member)
if (c[3] or '') == '' then redis.call('ZREM', due, name) end
return {1, w.id, 0}
