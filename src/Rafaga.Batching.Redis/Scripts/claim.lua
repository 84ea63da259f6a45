#!lua flags=allow-oom
-- Leases the first batch of each conversation if it is due; a due time that messages have moved is put right first.
-- KEYS due open sealed leased retry dead (conversation messages batches)...
-- ARGV now token repeated whole (name bound expected)...
-- Returns {now, per conversation {0}: nothing waits, {1, due}: not yet, {2, due, id}: buried, {3, due, id, batch, progress, first, last, messages}: leased, with its places in the list and, when whole is 1, what is in them, or {-1, looked at again, why}}
local due, open, sealed, leased, retry, dead = unpack(KEYS, 1, 6)
local stamp, token, repeated, whole = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
if stamp == '' then local t = call('TIME'); stamp = t[1] .. format('%06d', t[2]) end
local now = tonumber(stamp)
local ends, names = format('%.0f', now + LEASE), {}
for i = 1, (#ARGV - 4) / 3 do names[i] = ARGV[3 * i + 2] end
-- The member without a name: all are paused.
local scores = call('ZMSCORE', due, '', unpack(names))
-- Done once, at the end, for all.
local left, joined, next, idle = {[open] = {}, [sealed] = {}, [retry] = {}, [leased] = {}}, {[leased] = {}, [dead] = {}}, {}, {}
local function add(list, score, member) list[#list + 1], list[#list + 2] = score, member end

-- Of many, where their messages stand: through a script they would cost far more than read by commands of their own. Of few, the messages: that spares a round trip.
local function granted(at, messages, id, text, progress, base, first, count)
  if not first then first, count = match(text, '"first":(%d+)'), match(text, '"messages":(%d+)') end
  local start, last = 2 * (first - (base or 1)), 2 * (first - (base or 1) + count) - 1
  return {3, at, id, text, progress, start, last, whole and call('LRANGE', messages, start, last) or nil}
end
local function bury(conversation, batches, name, id, batch, from, at, next_at)
  batch.state, batch.ended_at, batch.error = 'dead', stamp, CRASHED_TOO_OFTEN
  call('HSET', batches, id, cjson.encode(batch))
  table.insert(left[from], id .. ' ' .. name)
  add(joined[dead], 0, id .. ' ' .. name)
  if next_at then add(next, next_at, name) else table.insert(idle, name) end
  return {2, at, id}
end

local function claim(i)
  local conversation, messages, batches = unpack(KEYS, 3 * i + 4, 3 * i + 6)
  local name, bound = names[i], tonumber(ARGV[3 * i + 3])
  local c = call('HMGET', conversation, 'window', 'open', 'queue', 'fence', 'base')
  local id, rest = match(c[3] or '', '^(%S+) ?(.*)$')
  local w, text, at = read_window(c[1], c[2]), id and call('HGET', batches, id), nil
  if text then at = tonumber(match(text, '"due_at":"(%d+)"')) else at = w.due end
  -- Said again because the answer was lost: the lease was given the first time.
  if repeated and text and find(text, '"state":"leased"', 1, true) and find(text, '"token":"' .. token .. '"', 1, true) then
    return granted(at, messages, id, text, call('HGET', batches, id .. ':progress'), c[5])
  end
  local score = tonumber(scores[i + 1])
  if not score or scores[1] then return {0} end
  if not at then table.insert(idle, name); return {0} end
  -- Whoever is not claimed comes at or after the bound: what is not due when it was expected to be is surely next only before that.
  if at > now or not bound or (at ~= tonumber(ARGV[3 * i + 4]) and at >= bound) then
    if at ~= score then add(next, at, name) end
    return {1, at}
  end

  local fence = format('%.0f', math.max((c[4] or 0) + 1, math.floor(now / 1000)))
  local progress, from, first, count = false, sealed, nil, nil
  local lead = '"state":"leased","due_at":"' .. ends .. '","attempt":1,"fence":' .. fence .. ',"token":"' .. token .. '"'
  if not text then
    local why = w.reason or w.last + QUIET > w.opened + MAX_WAIT and 'max_wait' or 'quiet'
    id, from, count = w.id, open, w.messages
    first = (c[5] or 1) + call('LLEN', messages) / 2 - count
    text = batch_of(w, lead, why, stamp, first)
    call('HSET', conversation, 'fence', fence, 'queue', id, 'window', w.sequence .. ' 0 0 0 0')
  else
    if not find(text, '"attempt":', 1, true) then text = string.gsub(text, '^{"state":"sealed","due_at":"%d+"', '{' .. lead)
    else
      local batch = cjson.decode(text)
      local crashed = batch.state == 'leased'
      from = crashed and leased or batch.state == 'retry' and retry or sealed
      batch.crashes = (batch.crashes or 0) + (crashed and 1 or 0)
      if batch.crashes > MAX_CRASHES then
        call('HSET', conversation, 'queue', rest)
        local next_at = w.due
        if rest ~= '' then next_at = give_turn(batches, match(rest, '^%S+'), stamp) end
        return bury(conversation, batches, name, id, batch, from, at, next_at)
      end
      if not crashed then batch.attempt = (batch.attempt or 0) + 1 end
      batch.state, batch.fence, batch.due_at, batch.token = 'leased', tonumber(fence), ends, token
      text, progress = cjson.encode(batch), call('HGET', batches, id .. ':progress')
    end
    call('HSET', conversation, 'fence', fence)
  end
  call('HSET', batches, id, text)
  if from ~= leased then
    table.insert(left[from], id .. ' ' .. name)
    add(joined[leased], 0, id .. ' ' .. name)
  end
  add(next, ends, name)
  return granted(at, messages, id, text, progress, c[5], first, count)
end
local answers = {now}
-- What one meets with is not the others' concern; it is looked at again when a lease would have ended.
for i = 1, #names do
  local asked, answer = pcall(claim, i)
  if not asked then answer = {-1, tonumber(ends), type(answer) == 'table' and answer.err or answer}; add(next, ends, names[i]) end
  answers[i + 1] = answer
end
for key, members in pairs(left) do if #members > 0 then call('ZREM', key, unpack(members)) end end
for key, members in pairs(joined) do if #members > 0 then call('ZADD', key, unpack(members)) end end
if #next > 0 then call('ZADD', due, unpack(next)) end
if #idle > 0 then call('ZREM', due, unpack(idle)) end
return answers
