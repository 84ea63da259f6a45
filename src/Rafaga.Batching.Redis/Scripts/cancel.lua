#!lua flags=allow-oom
-- Ends the conversation's open window and every batch that waits; one in work is left alone.
-- KEYS due conversation batches open sealed retry cancelled ended
-- ARGV now name
-- Returns {batches, messages, 1 when a batch is in work}
local due, conversation, batches, open, sealed, retry, cancelled, ended = unpack(KEYS)
local name, now = ARGV[2], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c = redis.call('HMGET', conversation, 'queue', 'open', 'opened', 'last', 'sequence', 'first', 'photos', 'bytes', 'group')
local at, count, total, running = string.format('%.0f', now), 0, 0, nil

local function cancel(id, batch, from)
  local member = id .. ' ' .. name
  batch.state, batch.ended_at = 'cancelled', at
  redis.call('HSET', batches, id, cjson.encode(batch))
  redis.call('ZREM', from, member)
  redis.call('ZADD', cancelled, 0, member)
  redis.call('ZADD', ended, now, member)
  count, total = count + 1, total + batch.messages
end

for id in string.gmatch(c[1] or '', '%S+') do
  local batch = cjson.decode(redis.call('HGET', batches, id))
  if batch.state == 'leased' then running = id else cancel(id, batch, batch.state == 'retry' and retry or sealed) end
end
if c[2] then
  cancel(c[2], {close_reason = 'cancel', opened_at = c[3], last_appended_at = c[4], sealed_at = at, due_at = at, messages = c[5] - c[6] + 1,
    photos = tonumber(c[7]) or 0, bytes = tonumber(c[8]), first = tonumber(c[6]), last_group = c[9] or nil}, open)
  redis.call('HDEL', conversation, 'open', 'opened', 'first', 'photos', 'bytes', 'reason', 'group', 'last', 'due')
end
if running then redis.call('HSET', conversation, 'queue', running)
else redis.call('HDEL', conversation, 'queue'); redis.call('ZREM', due, name) end
return {count, total, running and 1 or 0}
