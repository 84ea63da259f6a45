#!lua
-- Takes messages into the windows of their conversations; a window that cannot take one is sealed, and the next one opens. An edit goes into the place of its message.
-- KEYS due open sealed paused (conversation messages batches)...
-- ARGV now sender new_id (id head body)...
-- Returns {1 when something became due earlier, else 0, then per message 0: known id, 1: taken, or 2: edited in place, its batch id, its due time}
local due, open, sealed, paused = unpack(KEYS, 1, 4)
local call, match, find = redis.call, string.match, string.find
local stamp, earlier = ARGV[1], 0
if stamp == '' then local t = call('TIME'); stamp = t[1] .. string.format('%06d', t[2]) end
local now = tonumber(stamp)

local function name_of(conversation) return match(conversation, '}:%a+:(.*)$') end
local function arm(conversation, at)
  local name = name_of(conversation)
  if call('ZSCORE', paused, name) then return end
  call('ZADD', due, at, name)
  if call('ZRANGE', due, 0, 0)[1] == name then earlier = 1 end
end

local function seal(i, w, why)
  local conversation, messages, batches = unpack(KEYS, 3 * i + 2, 3 * i + 4)
  local c, member = call('HMGET', conversation, 'queue', 'base'), w.id .. ' ' .. name_of(conversation)
  local first = (c[2] or 1) + call('LLEN', messages) / 2 - w.messages
  call('HSET', batches, w.id, batch_of(w, '"state":"sealed","due_at":"' .. stamp .. '"', why, stamp, first))
  call('HSET', conversation, 'queue', (c[1] or '') == '' and w.id or c[1] .. ' ' .. w.id)
  call('ZREM', open, member)
  call('ZADD', sealed, 0, member)
  if (c[1] or '') == '' then arm(conversation, now) end
end

-- Of several windows that one call opens, each has an id of its own.
local function new_id(i)
  if i == 1 then return ARGV[3] end
  return string.sub(ARGV[3], 1, -3) .. string.format('%02x', (tonumber(string.sub(ARGV[3], -2), 16) + i - 1) % 256)
end

local function take(i)
  local conversation, messages, id, head, body = KEYS[3 * i + 2], KEYS[3 * i + 3], ARGV[3 * i + 1], ARGV[3 * i + 2], ARGV[3 * i + 3]
  local c = call('HMGET', conversation, 'window', 'open', id)
  if c[3] and now - c[3] < DUPLICATES then return 0, '', 0 end
  local photos, size, group, edits, edited = 0, #body, '', nil, false
  if find(head, ',', 1, true) then
    local more = cjson.decode(head)
    photos, group, edits = more.photos or 0, more.group or '', more.edits
  end
  local sequence, count, sum_photos, bytes, last, rest = match(c[1] or '0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+)(.*)$')
  local batch, opened, reason = nil, stamp, nil
  local is_new = count == '0'

  if not is_new then
    batch, opened, count, sum_photos, bytes = string.sub(c[2], 1, 32), string.sub(c[2], 34), tonumber(count), tonumber(sum_photos), tonumber(bytes)
    local last_group = ''
    if rest ~= '' then reason, last_group = match(rest, '^ (%S+) %S+ (.*)$') end
    if reason == '-' then reason = nil end
    if edits then
      local more_photos, more_bytes = edit_message(messages, {messages = count, photos = sum_photos, bytes = bytes}, edits, photos, body)
      if more_photos then edited, photos, size, group = true, more_photos, more_bytes, last_group end
    end
    if not edited then
      local joins = group ~= '' and group == last_group
      local fits = count < (joins and SOFT_MESSAGES or MAX_MESSAGES)
        and (photos == 0 or sum_photos + photos <= (joins and SOFT_PHOTOS or MAX_PHOTOS))
        and bytes + size <= (joins and 2 * MAX_BYTES or MAX_BYTES)
      if not fits or (reason and not joins) then
        local why = reason or count >= MAX_MESSAGES and 'max_messages' or sum_photos + photos > MAX_PHOTOS and 'max_photos' or 'max_bytes'
        seal(i, {id = batch, opened = opened, last = last, messages = count, photos = sum_photos, bytes = bytes, group = last_group}, why)
        is_new = true
      end
    end
  end

  if is_new then
    batch, opened, reason, count, sum_photos, bytes = new_id(i), stamp, nil, 0, 0, 0
    call('ZADD', open, 0, batch .. ' ' .. name_of(conversation))
    if sequence ~= '0' then call('PERSIST', conversation) end
  end
  if not edited then
    count, sequence = count + 1, sequence + 1
    call('RPUSH', messages, stamp .. ' ' .. sequence .. ' ' .. head, body)
  end
  sum_photos, bytes = sum_photos + photos, bytes + size
  reason = reason or sum_photos >= MAX_PHOTOS and 'max_photos' or count >= MAX_MESSAGES and 'max_messages' or bytes >= MAX_BYTES and 'max_bytes'
  local at = math.min(now + QUIET, opened + MAX_WAIT)
  local ends = reason and (group == '' or count >= SOFT_MESSAGES or sum_photos >= SOFT_PHOTOS)
  if reason then at = ends and now or math.min(at, now + GRACE) end

  local window = sequence .. (ends and ' 0 0 0 0' or ' ' .. count .. ' ' .. sum_photos .. ' ' .. bytes .. ' ' .. stamp)
  if group ~= '' and not ends then window = window .. ' ' .. (reason or '-') .. ' ' .. (reason and string.format('%.0f', at) or '-') .. ' ' .. group end
  if is_new then call('HSET', conversation, 'window', window, 'open', batch .. ' ' .. stamp, id, stamp)
  else call('HSET', conversation, 'window', window, id, stamp) end
  if ends then seal(i, {id = batch, opened = opened, last = stamp, messages = count, photos = sum_photos, bytes = bytes, group = group}, reason)
  elseif (is_new or reason) and (call('HGET', conversation, 'queue') or '') == '' then arm(conversation, at) end
  return edited and 2 or 1, batch, at
end

local answers = {}
for i = 1, (#KEYS - 4) / 3 do answers[3 * i - 1], answers[3 * i], answers[3 * i + 1] = take(i) end
if earlier == 1 then call('PUBLISH', CHANNEL, ARGV[2]) end
answers[1] = earlier
return answers
