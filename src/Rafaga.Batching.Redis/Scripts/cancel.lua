#!lua flags=allow-oom
-- Ends the conversation's open window and every batch that waits; one in work is left alone.
-- KEYS due conversation messages batches open sealed retry cancelled ended
-- ARGV now name
-- Returns {batches, messages, 1 when a batch is in work}
local due, conversation, messages, batches, open, sealed, retry, cancelled, ended = unpack(KEYS)
local name, now = ARGV[2], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c = redis.call('HMGET', conversation, 'queue', 'window', 'open', 'base')
local at, count, total, running = string.format('%.0f', now), 0, 0, nil

local function cancel(id, text, from)
  local member = id .. ' ' .. name
  redis.call('HSET', batches, id, text)
  redis.call('ZREM', from, member)
  redis.call('ZADD', cancelled, 0, member)
  redis.call('ZADD', ended, at, member)
  count, total = count + 1, total + string.match(text, '"messages":(%d+)')
end

for id in string.gmatch(c[1] or '', '%S+') do
  local batch = cjson.decode(redis.call('HGET', batches, id))
  if batch.state == 'leased' then running = id
  else
    local from = batch.state == 'retry' and retry or sealed
    batch.state, batch.ended_at = 'cancelled', at
    cancel(id, cjson.encode(batch), from)
  end
end
local w = read_window(c[2], c[3])
if w.id then
  local lead = '"state":"cancelled","due_at":"' .. at .. '","ended_at":"' .. at .. '"'
  cancel(w.id, batch_of(w, lead, 'cancel', at, (c[4] or 1) + redis.call('LLEN', messages) / 2 - w.messages), open)
end
if count > 0 then redis.call('HSET', conversation, 'queue', running or '', 'window', w.sequence .. ' 0 0 0 0') end
if not running then redis.call('ZREM', due, name) end
return {count, total, running and 1 or 0}
