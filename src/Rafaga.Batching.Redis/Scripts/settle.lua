#!lua flags=allow-oom
-- Ends leases: each batch is done, dead, waits for its retry, or is sealed as before; what comes next of its conversation is armed.
-- KEYS due leased ended (conversation batches target)...
-- ARGV now sender repeated (name id fence state delay error)...
-- Returns {1 when something became due earlier, else 0, then per lease 0: it is lost, 1: done, or -1, and why}
local due, leased, ended = unpack(KEYS, 1, 3)
local stamp, repeated = ARGV[1], ARGV[3] == '1'
if stamp == '' then local t = call('TIME'); stamp = t[1] .. format('%06d', t[2]) end
-- Done once, at the end, for all.
local left, joined, over, armed, arms, idle = {}, {}, {}, {}, {}, {}

local function settle(k, a)
  local conversation, batches, target = unpack(KEYS, k, k + 2)
  local name, id, fence, state, delay, why = unpack(ARGV, a, a + 5)
  local text = call('HGET', batches, id)
  if not text or match(text, '"fence":(%d+)') ~= fence then return 0 end
  -- Said again because the answer was lost: it was done the first time.
  if repeated and find(text, '"state":"' .. state .. '"', 1, true) then return 1 end
  if not find(text, '"state":"leased"', 1, true) then return 0 end

  local next, member = nil, id .. ' ' .. name
  if state == 'done' then
    text = string.gsub(text, '"state":"leased"', '"state":"done","ended_at":"' .. stamp .. '"', 1)
  else
    local batch = cjson.decode(text)
    batch.state = state
    if state ~= 'sealed' then batch.error = why end
    if state == 'dead' then batch.ended_at = stamp
    else
      if state == 'sealed' then batch.attempt = batch.attempt - 1 end
      next = format('%.0f', stamp + delay)
      batch.due_at = next
    end
    text = cjson.encode(batch)
  end
  call('HSET', batches, id, text)
  if not next then
    local c = call('HMGET', conversation, 'queue', 'window', 'open')
    local rest = match(c[1], ' (.+)$')
    call('HSET', conversation, 'queue', rest or '')
    if rest then next = give_turn(batches, match(rest, '^%S+'), stamp)
    elseif not match(c[2] or '', '^%d+ 0 ') then next = read_window(c[2], c[3]).due end
  end
  local members = joined[target] or {}
  left[#left + 1], joined[target] = member, members
  members[#members + 1], members[#members + 2] = 0, member
  if state == 'done' then over[#over + 1], over[#over + 2] = stamp, member end
  if next then arms[#arms + 1], arms[#arms + 2], armed[name] = next, name, true else idle[#idle + 1] = name end
  return 1
end

local answers = {0}
for i = 0, (#KEYS - 3) / 3 - 1 do
  -- What one meets with is not the others' concern.
  local settled, code = pcall(settle, 4 + 3 * i, 4 + 6 * i)
  if settled then answers[2 * i + 2], answers[2 * i + 3] = code, ''
  else answers[2 * i + 2], answers[2 * i + 3] = -1, type(code) == 'table' and code.err or code end
end
if #left > 0 then call('ZREM', leased, unpack(left)) end
for target, members in pairs(joined) do call('ZADD', target, unpack(members)) end
if #over > 0 then call('ZADD', ended, unpack(over)) end
if #idle > 0 then call('ZREM', due, unpack(idle)) end
-- A paused conversation is not among what is looked at.
if #arms > 0 then call('ZADD', due, 'XX', unpack(arms)) end
if #arms > 0 and armed[call('ZRANGE', due, 0, 0)[1]] then call('PUBLISH', CHANNEL, ARGV[2]); answers[1] = 1 end
return answers
