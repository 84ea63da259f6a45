#!lua flags=allow-oom
-- Leases the first batch of a conversation if it is due; a due time that messages have moved is put right first.
-- KEYS due conversation messages batches open sealed leased retry dead
-- ARGV now name bound token repeated expected
-- Returns {0}: nothing waits, {1, due}: not yet, {2, due, id}: buried, {3, due, now, id, batch, progress, first, last}: leased, with its places in the list
local due, conversation, messages, batches, open, sealed, leased, retry, dead = unpack(KEYS)
local call, match, find = redis.call, string.match, string.find
local stamp, name, bound, token = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
if stamp == '' then local t = call('TIME'); stamp = t[1] .. string.format('%06d', t[2]) end
local now = tonumber(stamp)
local c = call('HMGET', conversation, 'window', 'open', 'queue', 'fence', 'base')
local id, rest = match(c[3] or '', '^(%S+) ?(.*)$')
local w, text, at = read_window(c[1], c[2]), id and call('HGET', batches, id), nil
if text then at = tonumber(match(text, '"due_at":"(%d+)"')) else at = w.due end

-- Where its messages stand: through a script they would cost far more than read by a command of their own.
local function granted(progress)
  local start = 2 * (match(text, '"first":(%d+)') - (c[5] or 1))
  return {3, at, now, id, text, progress, start, start + 2 * match(text, '"messages":(%d+)') - 1}
end
-- Said again because the answer was lost: the lease was given the first time.
if ARGV[5] == '1' and text and find(text, '"state":"leased"', 1, true) and find(text, '"token":"' .. token .. '"', 1, true) then
  return granted(call('HGET', batches, id .. ':progress'))
end
-- The member without a name: all are paused.
local scores = call('ZMSCORE', due, name, '')
local score = tonumber(scores[1])
if not score or scores[2] then return {0} end
if not at then call('ZREM', due, name); return {0} end
-- Whoever is not claimed comes at or after the bound: what is not due when it was expected to be is surely next only before that.
if at > now or not bound or (at ~= tonumber(ARGV[6]) and at >= bound) then
  if at ~= score then call('ZADD', due, at, name) end
  return {1, at}
end

local fence = string.format('%.0f', math.max((c[4] or 0) + 1, math.floor(now / 1000)))
local ends, progress, member, from = string.format('%.0f', now + LEASE), false, nil, nil
local lead = '"state":"leased","due_at":"' .. ends .. '","attempt":1,"fence":' .. fence .. ',"token":"' .. token .. '"'
if not text then
  local why = w.reason or w.last + QUIET > w.opened + MAX_WAIT and 'max_wait' or 'quiet'
  id, from = w.id, open
  text = batch_of(w, lead, why, stamp, (c[5] or 1) + call('LLEN', messages) / 2 - w.messages)
  call('HSET', conversation, 'fence', fence, 'queue', id, 'window', w.sequence .. ' 0 0 0 0')
else
  from = sealed
  if not find(text, '"attempt":', 1, true) then text = string.gsub(text, '^{"state":"sealed","due_at":"%d+"', '{' .. lead)
  else
    local batch = cjson.decode(text)
    local crashed = batch.state == 'leased'
    from = crashed and leased or batch.state == 'retry' and retry or sealed
    batch.crashes = (batch.crashes or 0) + (crashed and 1 or 0)
    if batch.crashes > MAX_CRASHES then
      batch.state, batch.ended_at, batch.error = 'dead', stamp, CRASHED_TOO_OFTEN
      call('HSET', batches, id, cjson.encode(batch))
      call('ZREM', from, id .. ' ' .. name)
      call('ZADD', dead, 0, id .. ' ' .. name)
      call('HSET', conversation, 'queue', rest)
      local next = w.due
      if rest ~= '' then next = match(call('HGET', batches, match(rest, '^%S+')), '"due_at":"(%d+)"') end
      if next then call('ZADD', due, next, name) else call('ZREM', due, name) end
      return {2, at, id}
    end
    if not crashed then batch.attempt = (batch.attempt or 0) + 1 end
    batch.state, batch.fence, batch.due_at, batch.token = 'leased', tonumber(fence), ends, token
    text, progress = cjson.encode(batch), call('HGET', batches, id .. ':progress')
  end
  call('HSET', conversation, 'fence', fence)
end
member = id .. ' ' .. name
call('HSET', batches, id, text)
if from ~= leased then
  call('ZREM', from, member)
  call('ZADD', leased, 0, member)
end
call('ZADD', due, ends, name)
return granted(progress)
