#!lua flags=no-writes
-- Reads which conversations somebody must look at first.
-- KEYS due... (of one partition in a cluster; of any elsewhere)
-- ARGV now count
-- Returns {now, {name, due, name, due, ...} per key}, or {now} when nothing waits
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local heads = {now}
-- One command instead of one for each partition, for a worker at rest.
if redis.call('EXISTS', unpack(KEYS)) == 0 then return heads end
for i = 1, #KEYS do heads[i + 1] = redis.call('ZRANGE', KEYS[i], 0, ARGV[2] - 1, 'WITHSCORES') end
return heads
