#!lua flags=allow-oom
-- Forgets batches of a conversation that have ended long ago, and the conversation when nothing is left of it.
-- KEYS conversation messages batches done cancelled ended
-- ARGV now name history idle_ms id...
-- Returns how many batches went
local conversation, messages, batches, done, cancelled, ended = unpack(KEYS)
local name, now, went = ARGV[2], tonumber(ARGV[1]), 0
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local base = tonumber(redis.call('HGET', conversation, 'base') or nil) or 1
for i = 5, #ARGV do
  local member, text = ARGV[i] .. ' ' .. name, redis.call('HGET', batches, ARGV[i])
  local batch = text and cjson.decode(text)
  if not batch then redis.call('ZREM', ended, member)
  elseif (batch.state == 'done' or batch.state == 'cancelled') and now - tonumber(batch.ended_at) >= tonumber(ARGV[3]) then
    redis.call('HDEL', batches, ARGV[i], ARGV[i] .. ':progress')
    redis.call('ZREM', batch.state == 'done' and done or cancelled, member)
    redis.call('ZREM', ended, member)
    local start = 2 * (batch.first - base)
    for place = start, start + 2 * batch.messages - 1 do redis.call('LSET', messages, place, '') end
    went = went + 1
  end
end
-- The list begins with the oldest message that is still there.
while redis.call('LINDEX', messages, 0) == '' do
  redis.call('LPOP', messages, 2)
  base = base + 1
end
if went > 0 then redis.call('HSET', conversation, 'base', base) end
if redis.call('EXISTS', messages) == 0 then redis.call('PEXPIRE', conversation, ARGV[4]) end
return went
