#!lua flags=allow-oom
-- Lets a conversation go on.
-- KEYS due conversation batches paused
-- ARGV name sender
-- Returns 0: it was not paused, 1: done, 2: done, and something became due earlier
local due, conversation, batches, paused = unpack(KEYS)
local name, c = ARGV[1], redis.call('HMGET', KEYS[2], 'window', 'open', 'queue')
if redis.call('ZREM', paused, name) == 0 then return 0 end
local id, next = string.match(c[3] or '', '^%S+'), nil
if id then next = string.match(redis.call('HGET', batches, id), '"due_at":"(%d+)"') else next = read_window(c[1], c[2]).due end
if not next then return 1 end
redis.call('ZADD', due, next, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return 1 end
redis.call('PUBLISH', CHANNEL, ARGV[2])
return 2
