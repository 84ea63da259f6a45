#!lua flags=allow-oom
-- Ends a lease: the batch is done, dead, waits for its retry, or is sealed as before; what comes next is armed.
-- KEYS due conversation batches leased target ended
-- ARGV now name id fence state delay error repeated sender
-- Returns 0: the lease is lost, 1: done, 2: done, and something became due earlier
local due, conversation, batches, leased, target, ended = unpack(KEYS)
local stamp, name, id, state = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
if stamp == '' then local t = redis.call('TIME'); stamp = t[1] .. string.format('%06d', t[2]) end
local text = redis.call('HGET', batches, id)
if not text or string.match(text, '"fence":(%d+)') ~= ARGV[4] then return 0 end
-- Said again because the answer was lost: it was done the first time.
if ARGV[8] == '1' and string.find(text, '"state":"' .. state .. '"', 1, true) then return 1 end
if not string.find(text, '"state":"leased"', 1, true) then return 0 end

local next
redis.call('ZREM', leased, id .. ' ' .. name)
redis.call('ZADD', target, 0, id .. ' ' .. name)
if state == 'done' then
  text = string.gsub(text, '"state":"leased"', '"state":"done","ended_at":"' .. stamp .. '"', 1)
  redis.call('ZADD', ended, stamp, id .. ' ' .. name)
else
  local batch = cjson.decode(text)
  batch.state = state
  if state ~= 'sealed' then batch.error = ARGV[7] end
  if state == 'dead' then batch.ended_at = stamp
  else
    if state == 'sealed' then batch.attempt = batch.attempt - 1 end
    next = string.format('%.0f', stamp + ARGV[6])
    batch.due_at = next
  end
  text = cjson.encode(batch)
end
redis.call('HSET', batches, id, text)
if not next then
  local c = redis.call('HMGET', conversation, 'queue', 'window', 'open')
  local rest = string.match(c[1], ' (.+)$')
  redis.call('HSET', conversation, 'queue', rest or '')
  if rest then next = string.match(redis.call('HGET', batches, string.match(rest, '^%S+')), '"due_at":"(%d+)"')
  else next = read_window(c[2], c[3]).due end
end
if not next then redis.call('ZREM', due, name); return 1 end
-- A paused conversation is not among what is looked at.
redis.call('ZADD', due, 'XX', next, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return 1 end
redis.call('PUBLISH', CHANNEL, ARGV[9])
return 2
