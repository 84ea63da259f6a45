#!lua flags=allow-oom
-- Takes a batch out of the dead letters, to wait before the open window as if for the first time.
-- KEYS due conversation batches dead sealed
-- ARGV now name id channel sender
-- Returns 0: not known, 1: not dead, 2: done, 3: done, and something became due earlier
local due, conversation, batches, dead, sealed = unpack(KEYS)
local name, id, now = ARGV[2], ARGV[3], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local text = redis.call('HGET', batches, id)
if not text then return redis.call('HGET', conversation, 'open') == id and 1 or 0 end
local batch = cjson.decode(text)
if batch.state ~= 'dead' then return 1 end
batch.state, batch.attempt, batch.crashes, batch.ended_at, batch.due_at = 'sealed', 0, 0, nil, string.format('%.0f', now)
redis.call('HSET', batches, id, cjson.encode(batch))
redis.call('ZREM', dead, id .. ' ' .. name)
redis.call('ZADD', sealed, 0, id .. ' ' .. name)
local queue = redis.call('HGET', conversation, 'queue')
redis.call('HSET', conversation, 'queue', queue and queue .. ' ' .. id or id)
redis.call('PERSIST', conversation)
if queue then return 2 end
redis.call('ZADD', due, now, name)
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 3
