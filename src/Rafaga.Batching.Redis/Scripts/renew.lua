#!lua flags=allow-oom
-- Extends a lease.
-- KEYS due conversation batches
-- ARGV now name id fence
-- Returns -1: the lease is lost, else how many messages of the conversation wait behind the batch
local due, conversation, batches = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local text = redis.call('HGET', batches, ARGV[3])
if not text or not string.find(text, '"state":"leased"', 1, true) or string.match(text, '"fence":(%d+)') ~= ARGV[4] then return -1 end
local ends = string.format('%.0f', now + LEASE)
redis.call('HSET', batches, ARGV[3], (string.gsub(text, '"due_at":"%d+"', '"due_at":"' .. ends .. '"', 1)))
-- A paused conversation is not among what is looked at.
redis.call('ZADD', due, 'XX', ends, ARGV[2])
local c = redis.call('HMGET', conversation, 'queue', 'window')
local newer = tonumber(string.match(c[2], '^%d+ (%d+)'))
for waiting in string.gmatch(string.match(c[1], ' (.+)$') or '', '%S+') do
  newer = newer + string.match(redis.call('HGET', batches, waiting), '"messages":(%d+)')
end
return newer
