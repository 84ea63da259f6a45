#!lua
-- Takes messages into the windows of their conversations; a window that cannot take one is sealed, and the next one opens. An edit goes into the place of its message.
-- KEYS due open sealed paused (conversation messages batches)...
-- ARGV now sender new_id (id head body)...
-- Returns {1 when something became due earlier, else 0, then per message 0: known id, 1: taken, or 2: edited in place, its batch id, its due time; or -1, why it was refused, 0}
local due, open, sealed, paused = unpack(KEYS, 1, 4)
local call, match, find, sub = redis.call, string.match, string.find, string.sub
local stamp, pauses = ARGV[1], nil
if stamp == '' then local t = call('TIME'); stamp = t[1] .. string.format('%06d', t[2]) end
local now = tonumber(stamp)
local arms, armed, opens = {}, {}, {} -- done once, at the end, for all messages

local function arm(conversation, at)
  local name = name_of(conversation)
  if pauses == nil then pauses = call('EXISTS', paused) == 1 end
  if pauses and call('ZSCORE', paused, name) then return end
  arms[#arms + 1], arms[#arms + 2], armed[name] = at, name, true
end
local function seal(i, w, why)
  local conversation, messages, batches = unpack(KEYS, 3 * i + 2, 3 * i + 4)
  local c, member = call('HMGET', conversation, 'queue', 'base'), w.id .. ' ' .. name_of(conversation)
  local first = (c[2] or 1) + call('LLEN', messages) / 2 - w.messages
  call('HSET', batches, w.id, batch_of(w, '"state":"sealed","due_at":"' .. stamp .. '"', why, stamp, first))
  call('HSET', conversation, 'queue', (c[1] or '') == '' and w.id or c[1] .. ' ' .. w.id)
  if opens[member] then opens[member] = nil else call('ZREM', open, member) end
  call('ZADD', sealed, 0, member)
  if (c[1] or '') == '' then arm(conversation, now) end
end

local function take(i)
  local conversation, messages, id, head, body = KEYS[3 * i + 2], KEYS[3 * i + 3], ARGV[3 * i + 1], ARGV[3 * i + 2], ARGV[3 * i + 3]
  local c = call('HMGET', conversation, 'window', 'open', id)
  if c[3] and now - c[3] < DUPLICATES then return 0, '', 0 end
  local photos, size, group, edits, edited, batch, opened, reason = 0, #body, '', nil, false, nil, nil, nil
  if find(head, ',', 1, true) then
    local more = cjson.decode(head)
    photos, group, edits = more.photos or 0, more.group or '', more.edits
  end
  local sequence, count, sum_photos, bytes, last, rest = match(c[1] or '0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+)(.*)$')
  local is_new, first = count == '0', sequence == '0'

  if not is_new then
    batch, opened, count, sum_photos, bytes = sub(c[2], 1, 32), sub(c[2], 34), tonumber(count), tonumber(sum_photos), tonumber(bytes)
    local last_group = ''
    if rest ~= '' then reason, last_group = match(rest, '^ (%S+) %S+ (.*)$') end
    if reason == '-' then reason = nil end
    local more_photos, more_bytes
    if edits then more_photos, more_bytes = edit_message(messages, {messages = count, photos = sum_photos, bytes = bytes}, edits, photos, body) end
    if more_photos then edited, photos, size, group = true, more_photos, more_bytes, last_group end
    if not edited then
      local joins = group ~= '' and group == last_group
      local why = overflow(count, sum_photos, bytes, photos, size, joins)
      if why or reason and not joins then
        is_new = true
        seal(i, {id = batch, opened = opened, last = last, messages = count, photos = sum_photos, bytes = bytes, group = last_group}, reason or why)
      end
    end
  end

  if is_new then
    batch, opened, reason, count, sum_photos, bytes = numbered(ARGV[3], i), stamp, nil, 0, 0, 0
    if not first then call('PERSIST', conversation) end
  end
  if not edited then
    count, sequence = count + 1, sequence + 1 .. ''
    call('RPUSH', messages, stamp .. ' ' .. sequence .. ' ' .. head, body)
  end
  sum_photos, bytes = sum_photos + photos, bytes + size
  reason = reason or cap_reached(count, sum_photos, bytes)
  local at, ends = math.min(now + QUIET, opened + MAX_WAIT), reason and not waits_for_group(count, sum_photos, group)
  if reason then at = ends and now or math.min(at, now + GRACE) end

  local window = ends and sequence .. ' 0 0 0 0' or sequence .. ' ' .. count .. ' ' .. sum_photos .. ' ' .. bytes .. ' ' .. stamp
  if group ~= '' and not ends then window = window .. ' ' .. (reason or '-') .. ' ' .. (reason and string.format('%.0f', at) or '-') .. ' ' .. group end
  if is_new then
    call('HSET', conversation, 'window', window, 'open', batch .. ' ' .. stamp, id, stamp)
    opens[batch .. ' ' .. name_of(conversation)] = true
  else
    call('HSET', conversation, 'window', window, id, stamp)
  end
  if ends then seal(i, {id = batch, opened = opened, last = stamp, messages = count, photos = sum_photos, bytes = bytes, group = group}, reason)
  elseif first or (is_new or reason) and (call('HGET', conversation, 'queue') or '') == '' then arm(conversation, at) end
  return edited and 2 or 1, batch, at
end

local answers, members = {0}, {}
for i = 1, (#KEYS - 4) / 3 do
  -- What one meets with is not the others' concern.
  local taken, code, batch, at = pcall(take, i)
  if not taken then code, batch, at = -1, type(code) == 'table' and code.err or code, 0 end
  answers[3 * i - 1], answers[3 * i], answers[3 * i + 1] = code, batch, at
end
for member in pairs(opens) do members[#members + 1], members[#members + 2] = 0, member end
if #members > 0 then call('ZADD', open, unpack(members)) end
if #arms == 0 then return answers end
call('ZADD', due, unpack(arms))
if not armed[call('ZRANGE', due, 0, 0)[1]] then return answers end
call('PUBLISH', CHANNEL, ARGV[2])
answers[1] = 1
return answers
