#!lua flags=allow-oom
-- Ends a dead letter for good.
-- KEYS conversation batches dead cancelled ended
-- ARGV now name id note
-- Returns 0: not known, 1: not dead, 2: done
local conversation, batches, dead, cancelled, ended = unpack(KEYS)
local id, now = ARGV[3], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local text, member = redis.call('HGET', batches, id), id .. ' ' .. ARGV[2]
if not text then
  local c = redis.call('HMGET', conversation, 'window', 'open')
  return read_window(c[1], c[2]).id == id and 1 or 0
end
local batch = cjson.decode(text)
if batch.state ~= 'dead' then return 1 end
batch.state, batch.ended_at = 'cancelled', string.format('%.0f', now)
if ARGV[4] ~= '' then batch.note = ARGV[4] end
redis.call('HSET', batches, id, cjson.encode(batch))
redis.call('ZREM', dead, member)
redis.call('ZADD', cancelled, 0, member)
redis.call('ZADD', ended, now, member)
return 2
