#!lua
-- Takes a message into the conversation's window; a window that cannot take it is sealed, and the next one opens.
-- KEYS due conversation messages batches seen open sealed
-- ARGV now name new_id message_id head body group photos quiet max_wait messages photos_cap bytes soft_messages soft_photos grace retention channel sender
-- Returns {0} for a known id, else {1 or, when something became due earlier, 2, batch id, due}
local due, conversation, messages, batches, seen, open, sealed = unpack(KEYS)
local name, group, photos, size = ARGV[2], ARGV[7], tonumber(ARGV[8]), #ARGV[6]
local quiet, max_wait, retention = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[17])
local max_messages, max_photos, max_bytes = tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local soft_messages, soft_photos = tonumber(ARGV[14]), tonumber(ARGV[15])
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
-- Made once: each number that goes to Redis is printed anew.
local stamp = string.format('%.0f', now)

if redis.call('ZADD', seen, 'NX', stamp, ARGV[4]) == 0 then
  if now - redis.call('ZSCORE', seen, ARGV[4]) < retention then return {0} end
  redis.call('ZADD', seen, stamp, ARGV[4])
end
local c = redis.call('HMGET', conversation, 'sequence', 'open', 'opened', 'first', 'photos', 'bytes', 'reason', 'group', 'queue', 'last', 'seen_until')
local last, id, opened, first, reason, queue = tonumber(c[1]) or 0, c[2], tonumber(c[3]), tonumber(c[4]), c[7], c[9]
local sum_photos, sum_bytes, head_due = tonumber(c[5]) or 0, tonumber(c[6]) or 0, nil

local function seal(last_at, count, why)
  redis.call('HSET', batches, id, cjson.encode({state = 'sealed', close_reason = why, opened_at = string.format('%.0f', opened),
    last_appended_at = string.format('%.0f', last_at), sealed_at = stamp, due_at = stamp, messages = count, photos = sum_photos, bytes = sum_bytes,
    first = first, last_group = redis.call('HGET', conversation, 'group') or nil}))
  redis.call('ZREM', open, id .. ' ' .. name)
  redis.call('ZADD', sealed, 0, id .. ' ' .. name)
  if not queue then head_due = now end
  queue = queue and queue .. ' ' .. id or id
  redis.call('HSET', conversation, 'queue', queue)
  redis.call('HDEL', conversation, 'open', 'opened', 'first', 'photos', 'bytes', 'reason', 'group', 'last', 'due')
  id = false
end

if id then
  local joins, count = group ~= '' and group == c[8], last - first + 1
  local fits = count < (joins and soft_messages or max_messages)
    and (photos == 0 or sum_photos + photos <= (joins and soft_photos or max_photos))
    and sum_bytes + size <= (joins and 2 * max_bytes or max_bytes)
  if not fits or (reason and not joins) then
    local why = count >= max_messages and 'max_messages' or sum_photos + photos > max_photos and 'max_photos' or 'max_bytes'
    seal(tonumber(c[10]), count, reason or why)
  end
end

local is_new = not id
if is_new then
  id, opened, first, reason, sum_photos, sum_bytes = ARGV[3], now, last + 1, false, 0, 0
  redis.call('HSET', conversation, 'open', id, 'opened', stamp, 'first', first)
  redis.call('ZADD', open, 0, id .. ' ' .. name)
  if last > 0 then
    redis.call('PERSIST', conversation)
    redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - retention)
  end
end

sum_photos, sum_bytes = sum_photos + photos, sum_bytes + size
local count, batch = last + 1 - first + 1, id
local at = math.min(now + quiet, opened + max_wait)
local cap = sum_photos >= max_photos and 'max_photos' or count >= max_messages and 'max_messages' or sum_bytes >= max_bytes and 'max_bytes'
local ends = cap and (group == '' or count >= soft_messages or sum_photos >= soft_photos)
if cap then at = ends and now or math.min(at, now + tonumber(ARGV[16])) end
redis.call('HSET', conversation, 'sequence', last + 1, 'last', stamp, 'due', at, 'bytes', sum_bytes)
if photos > 0 then redis.call('HSET', conversation, 'photos', sum_photos) end
if group ~= '' then redis.call('HSET', conversation, 'group', group) elseif c[8] then redis.call('HDEL', conversation, 'group') end
if cap and not reason and not ends then redis.call('HSET', conversation, 'reason', cap) end
if not queue and (is_new or cap) then head_due = at end
if ends then seal(now, count, reason or cap) end

redis.call('RPUSH', messages, stamp .. ' ' .. ARGV[5], ARGV[6])
-- With something in hand, so that the life of the ids is not set anew with every message.
if now + retention >= (tonumber(c[11]) or 0) then
  redis.call('PEXPIRE', seen, math.ceil(retention * 1.125 / 1000))
  redis.call('HSET', conversation, 'seen_until', now + math.ceil(retention * 1.125))
end
if not head_due then return {1, batch, at} end
redis.call('ZADD', due, head_due, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return {1, batch, at} end
redis.call('PUBLISH', ARGV[18], ARGV[19])
return {2, batch, at}
