#!lua flags=allow-oom
-- Takes a batch out of the dead letters, to wait before the open window as if for the first time.
-- KEYS due conversation batches dead sealed paused
-- ARGV now name id sender
-- Returns 0: not known, 1: not dead, 2: done, 3: done, and something became due earlier
local due, conversation, batches, dead, sealed, paused = unpack(KEYS)
local name, id, now = ARGV[2], ARGV[3], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c, text = redis.call('HMGET', conversation, 'window', 'open', 'queue'), redis.call('HGET', batches, id)
if not text then return read_window(c[1], c[2]).id == id and 1 or 0 end
local batch, queue = cjson.decode(text), c[3] or ''
if batch.state ~= 'dead' then return 1 end
batch.state, batch.attempt, batch.crashes, batch.ended_at, batch.due_at = 'sealed', 0, 0, nil, string.format('%.0f', now)
redis.call('HSET', batches, id, cjson.encode(batch))
redis.call('ZREM', dead, id .. ' ' .. name)
redis.call('ZADD', sealed, 0, id .. ' ' .. name)
redis.call('HSET', conversation, 'queue', queue == '' and id or queue .. ' ' .. id)
if queue ~= '' or redis.call('ZSCORE', paused, name) then return 2 end
redis.call('ZADD', due, now, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return 2 end
redis.call('PUBLISH', CHANNEL, ARGV[4])
return 3
