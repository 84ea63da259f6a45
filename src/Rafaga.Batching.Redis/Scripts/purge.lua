#!lua flags=allow-oom
-- Forgets batches of a conversation that have ended long ago and ids that came long ago, and the conversation when nothing is left of it.
-- KEYS conversation messages batches done superseded cancelled ended
-- ARGV now name id...
-- Returns how many batches went
local conversation, messages, batches, done, superseded, cancelled, ended = unpack(KEYS)
local name, now, went = ARGV[2], tonumber(ARGV[1]), 0
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c = redis.call('HMGET', conversation, 'base', 'queue')
local first = tonumber(c[1]) or 1
local base = first
local of = {done = done, superseded = superseded, cancelled = cancelled}
for i = 3, #ARGV do
  local member, text = ARGV[i] .. ' ' .. name, redis.call('HGET', batches, ARGV[i])
  local batch = text and cjson.decode(text)
  if not batch then redis.call('ZREM', ended, member)
  elseif of[batch.state] and now - batch.ended_at >= HISTORY then
    redis.call('HDEL', batches, ARGV[i], ARGV[i] .. ':progress')
    redis.call('ZREM', of[batch.state], member)
    redis.call('ZREM', ended, member)
    local start = 2 * (batch.first - base)
    for place = start, start + 2 * (batch.state == 'superseded' and 0 or batch.messages) - 1 do redis.call('LSET', messages, place, '') end
    went = went + 1
  end
end
-- The list begins with the oldest message that is still there; not while somebody may read by places what he has leased.
while (c[2] or '') == '' and redis.call('LINDEX', messages, 0) == '' do
  redis.call('LPOP', messages, 2)
  base = base + 1
end
if base ~= first then redis.call('HSET', conversation, 'base', base) end
local fields = redis.call('HGETALL', conversation)
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 3) == 'id:' and now - fields[i + 1] >= DUPLICATES then redis.call('HDEL', conversation, fields[i]) end
end
if redis.call('EXISTS', messages) == 0 then redis.call('PEXPIRE', conversation, math.ceil(DUPLICATES / 1000)) end
return went
