#!lua flags=allow-oom
-- Keeps the handler's note with the batch.
-- KEYS batches
-- ARGV id fence progress
-- Returns 0: the lease is lost, 1: kept
local batches = KEYS[1]
local text = redis.call('HGET', batches, ARGV[1])
local batch = text and cjson.decode(text)
if not batch or batch.state ~= 'leased' or batch.fence ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', batches, ARGV[1] .. ':progress', ARGV[3])
return 1
