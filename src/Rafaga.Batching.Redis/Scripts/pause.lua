#!lua flags=allow-oom
-- Holds a conversation back: it collects, but nobody looks at it.
-- KEYS due paused
-- ARGV name
-- Returns 1, or 0 when it was paused already
local due, paused = unpack(KEYS)
redis.call('ZREM', due, ARGV[1])
return redis.call('ZADD', paused, 0, ARGV[1])
