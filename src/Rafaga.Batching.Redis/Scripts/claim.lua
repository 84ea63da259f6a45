#!lua flags=allow-oom
-- Leases the first batch of a conversation if it is due; a due time that messages have moved is put right first.
-- KEYS due conversation messages batches open sealed leased retry dead
-- ARGV now name bound quiet max_wait lease max_crashes error token repeated expected
-- Returns {0}: nothing waits, {1, due}: not yet, {2, due, id}: buried, {3, due, now, id, batch, progress, messages}: leased
local due, conversation, messages, batches, open, sealed, leased, retry, dead = unpack(KEYS)
local name, bound, now = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local score = tonumber(redis.call('ZSCORE', due, name) or nil)
if not score then return {0} end
local c = redis.call('HMGET', conversation, 'queue', 'fence', 'base', 'open', 'due', 'sequence', 'opened', 'last', 'first', 'photos', 'bytes', 'reason', 'group')
local id = c[1] and string.match(c[1], '^%S+')
local batch = id and cjson.decode(redis.call('HGET', batches, id))
local at = tonumber(batch and batch.due_at or c[5] or nil)
if not at then redis.call('ZREM', due, name); return {0} end
local function granted(text)
  local start = 2 * (batch.first - (tonumber(c[3]) or 1))
  return {3, at, now, id, text, redis.call('HGET', batches, id .. ':progress'), redis.call('LRANGE', messages, start, start + 2 * batch.messages - 1)}
end
-- Said again because the answer was lost: the lease was given the first time.
if ARGV[10] == '1' and batch and batch.state == 'leased' and batch.token == ARGV[9] then return granted(cjson.encode(batch)) end
-- Whoever is not claimed comes at or after the bound: what is not due when it was expected to be is surely next only before that.
if at > now or not bound or (at ~= tonumber(ARGV[11]) and at >= bound) then
  if at ~= score then redis.call('ZADD', due, at, name) end
  return {1, at}
end

local stamp, member = string.format('%.0f', now), (id or c[4]) .. ' ' .. name
local from = batch and (batch.state == 'leased' and leased or batch.state == 'retry' and retry or sealed) or open
redis.call('ZREM', from, member)
if not batch then
  id = c[4]
  local first, last, opened = tonumber(c[9]), tonumber(c[8]), tonumber(c[7])
  local why = last + tonumber(ARGV[4]) > opened + tonumber(ARGV[5]) and 'max_wait' or 'quiet'
  batch = {close_reason = c[12] or why, opened_at = c[7], last_appended_at = c[8], sealed_at = stamp, messages = tonumber(c[6]) - first + 1,
    photos = tonumber(c[10]) or 0, bytes = tonumber(c[11]), first = first, last_group = c[13] or nil}
  redis.call('HSET', conversation, 'queue', id)
  redis.call('HDEL', conversation, 'open', 'opened', 'first', 'photos', 'bytes', 'reason', 'group', 'last', 'due')
  c[4], c[5] = false, false
end

local crashed = batch.state == 'leased'
batch.crashes = (batch.crashes or 0) + (crashed and 1 or 0)
if batch.crashes > tonumber(ARGV[7]) then
  batch.state, batch.ended_at, batch.error = 'dead', stamp, ARGV[8]
  redis.call('HSET', batches, id, cjson.encode(batch))
  redis.call('ZADD', dead, 0, member)
  local rest = string.match(c[1], ' (.+)$')
  if rest then redis.call('HSET', conversation, 'queue', rest) else redis.call('HDEL', conversation, 'queue') end
  local next = rest and cjson.decode(redis.call('HGET', batches, string.match(rest, '^%S+'))).due_at or c[5]
  if next then redis.call('ZADD', due, next, name) else redis.call('ZREM', due, name) end
  return {2, at, id}
end

local fence, ends = math.max((tonumber(c[2]) or 0) + 1, math.floor(now / 1000)), now + tonumber(ARGV[6])
if not crashed then batch.attempt = (batch.attempt or 0) + 1 end
batch.state, batch.fence, batch.due_at, batch.token = 'leased', fence, string.format('%.0f', ends), ARGV[9]
local text = cjson.encode(batch)
redis.call('HSET', batches, id, text)
redis.call('HSET', conversation, 'fence', fence)
redis.call('ZADD', leased, 0, member)
redis.call('ZADD', due, ends, name)
return granted(text)
