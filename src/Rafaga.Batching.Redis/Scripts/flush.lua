#!lua flags=allow-oom
-- Closes the conversation's open window now.
-- KEYS due conversation messages batches open sealed
-- ARGV now name sender
-- Returns {0}: none was open, {1 or, when something became due earlier, 2, batch id, messages}
local due, conversation, messages, batches, open, sealed = unpack(KEYS)
local name, now = ARGV[2], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c, at = redis.call('HMGET', conversation, 'window', 'open', 'queue', 'base'), string.format('%.0f', now)
local w, queue = read_window(c[1], c[2]), c[3] or ''
if not w.id then return {0} end
local first = (c[4] or 1) + redis.call('LLEN', messages) / 2 - w.messages
redis.call('HSET', batches, w.id, batch_of(w, '"state":"sealed","due_at":"' .. at .. '"', 'flush', at, first))
redis.call('HSET', conversation, 'window', w.sequence .. ' 0 0 0 0', 'queue', queue == '' and w.id or queue .. ' ' .. w.id)
redis.call('ZREM', open, w.id .. ' ' .. name)
redis.call('ZADD', sealed, 0, w.id .. ' ' .. name)
if queue ~= '' then return {1, w.id, w.messages} end
-- A paused conversation is not among what is looked at.
redis.call('ZADD', due, 'XX', at, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return {1, w.id, w.messages} end
redis.call('PUBLISH', CHANNEL, ARGV[3])
return {2, w.id, w.messages}
