#!lua flags=allow-oom
-- Closes the conversation's open window now.
-- KEYS due conversation batches open sealed
-- ARGV now name channel sender
-- Returns {0}: none was open, {1 or, when something became due earlier, 2, batch id, messages}
local due, conversation, batches, open, sealed = unpack(KEYS)
local name, now = ARGV[2], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local c = redis.call('HMGET', conversation, 'open', 'opened', 'last', 'sequence', 'first', 'photos', 'bytes', 'group', 'queue')
local id, at = c[1], string.format('%.0f', now)
if not id then return {0} end
local count = c[4] - c[5] + 1
redis.call('HSET', batches, id, cjson.encode({state = 'sealed', close_reason = 'flush', opened_at = c[2], last_appended_at = c[3], sealed_at = at, due_at = at,
  messages = count, photos = tonumber(c[6]) or 0, bytes = tonumber(c[7]), first = tonumber(c[5]), last_group = c[8] or nil}))
redis.call('HSET', conversation, 'queue', c[9] and c[9] .. ' ' .. id or id)
redis.call('HDEL', conversation, 'open', 'opened', 'first', 'photos', 'bytes', 'reason', 'group', 'last', 'due')
redis.call('ZREM', open, id .. ' ' .. name)
redis.call('ZADD', sealed, 0, id .. ' ' .. name)
if c[9] then return {1, id, count} end
redis.call('ZADD', due, at, name)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return {2, id, count}
