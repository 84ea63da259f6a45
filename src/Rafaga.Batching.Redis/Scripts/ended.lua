#!lua flags=no-writes
-- Reads batches that ended longer ago than they are kept, the oldest first.
-- KEYS ended
-- ARGV now limit
-- Returns {"id name", ...}
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
return redis.call('ZRANGE', KEYS[1], '-inf', now - HISTORY, 'BYSCORE', 'LIMIT', 0, ARGV[2])
