#!lua flags=no-writes
-- Counts batches.
-- KEYS state...
-- ARGV
-- Returns how many there are, per key
local counts = {}
for i = 1, #KEYS do counts[i] = redis.call('ZCARD', KEYS[i]) end
return counts
