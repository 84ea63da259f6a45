#!lua flags=no-writes
-- Reads which conversations are paused one by one.
-- KEYS paused
-- ARGV after limit
-- Returns {name, ...} in the order of their names
return redis.call('ZRANGE', KEYS[1], ARGV[1], '+', 'BYLEX', 'LIMIT', 0, ARGV[2])
