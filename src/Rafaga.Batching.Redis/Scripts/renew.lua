#!lua flags=allow-oom
-- Extends a lease.
-- KEYS due conversation batches
-- ARGV now name id fence lease
-- Returns -1: the lease is lost, else how many messages of the conversation wait behind the batch
local due, conversation, batches = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local text = redis.call('HGET', batches, ARGV[3])
local batch = text and cjson.decode(text)
if not batch or batch.state ~= 'leased' or batch.fence ~= tonumber(ARGV[4]) then return -1 end
batch.due_at = string.format('%.0f', now + tonumber(ARGV[5]))
redis.call('HSET', batches, ARGV[3], cjson.encode(batch))
redis.call('ZADD', due, batch.due_at, ARGV[2])
local c = redis.call('HMGET', conversation, 'queue', 'sequence', 'first')
local newer = c[3] and c[2] - c[3] + 1 or 0
for waiting in string.gmatch(string.match(c[1], ' (.+)$') or '', '%S+') do
  newer = newer + cjson.decode(redis.call('HGET', batches, waiting)).messages
end
return newer
