#!lua flags=no-writes
-- Reads some of the names of keys that look like a pattern, on the node of a partition.
-- KEYS due
-- ARGV cursor pattern count
-- Returns {cursor, {name, ...}}; the cursor is 0 after the last
return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
