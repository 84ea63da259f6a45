#!lua flags=no-writes
-- Reads the newest batches of some states.
-- KEYS state...
-- ARGV from to limit
-- Returns {"id name", ...} per key, newest first
local found = {}
for i = 1, #KEYS do found[i] = redis.call('ZRANGE', KEYS[i], ARGV[1], ARGV[2], 'BYLEX', 'REV', 'LIMIT', 0, ARGV[3]) end
return found
