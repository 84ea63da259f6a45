#!lua flags=allow-oom
-- Ends a lease: the batch is done, dead, waits for its retry, or is sealed as before; what comes next is armed.
-- KEYS due conversation batches leased target ended
-- ARGV now name id fence state delay error repeated channel sender
-- Returns 0: the lease is lost, 1: done, 2: done, and something became due earlier
local due, conversation, batches, leased, target, ended = unpack(KEYS)
local name, id, state = ARGV[2], ARGV[3], ARGV[5]
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local text = redis.call('HGET', batches, id)
local batch = text and cjson.decode(text)
if not batch or batch.fence ~= tonumber(ARGV[4]) then return 0 end
-- Said again because the answer was lost: it was done the first time.
if batch.state == state and ARGV[8] == '1' then return 1 end
if batch.state ~= 'leased' then return 0 end

local next
batch.state = state
if state == 'retry' or state == 'dead' then batch.error = ARGV[7] end
redis.call('ZREM', leased, id .. ' ' .. name)
redis.call('ZADD', target, 0, id .. ' ' .. name)
if state == 'retry' or state == 'sealed' then
  if state == 'sealed' then batch.attempt = batch.attempt - 1 end
  next = string.format('%.0f', now + tonumber(ARGV[6]))
  batch.due_at = next
else
  batch.ended_at = string.format('%.0f', now)
  if state == 'done' then redis.call('ZADD', ended, now, id .. ' ' .. name) end
  local c = redis.call('HMGET', conversation, 'queue', 'due')
  local rest = string.match(c[1], ' (.+)$')
  if rest then redis.call('HSET', conversation, 'queue', rest) else redis.call('HDEL', conversation, 'queue') end
  next = rest and cjson.decode(redis.call('HGET', batches, string.match(rest, '^%S+'))).due_at or c[2]
end
redis.call('HSET', batches, id, cjson.encode(batch))
if not next then redis.call('ZREM', due, name); return 1 end
redis.call('ZADD', due, next, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return 1 end
redis.call('PUBLISH', ARGV[9], ARGV[10])
return 2
