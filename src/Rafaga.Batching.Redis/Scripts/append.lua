#!lua
-- Takes messages into the windows of their conversations; a window that cannot take one is sealed, and the next one opens. An edit goes into the place of its message.
-- KEYS (due open sealed paused (conversation messages batches)...)...
-- ARGV now sender new_id (messages_of_the_partition (id head body)...)...
-- Returns {1 when something became due earlier, else 0, now, then per message 0: known id, or "batch opened": taken, and due as these times say, or {1: taken, or 2: edited in place, batch, due}, or {-1, why it was refused}}
local stamp, window_id = ARGV[1], numbered(ARGV[3])
if stamp == '' then local t = call('TIME'); stamp = t[1] .. format('%06d', t[2]) end
local now, head_of_list = tonumber(stamp), stamp .. ' '
local partition

local function take_any(k, a, c)
  local conversation, messages, id, head, body = KEYS[k], KEYS[k + 1], ARGV[a], ARGV[a + 1], ARGV[a + 2]
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
        seal(partition, k, {id = batch, opened = opened, last = last, messages = count, photos = sum_photos, bytes = bytes, group = last_group}, reason or why, stamp)
      end
    end
  end

  if is_new then
    batch, opened, reason, count, sum_photos, bytes = window_id(), stamp, nil, 0, 0, 0
    if not first then call('PERSIST', conversation) end
  end
  if not edited then
    count, sequence = count + 1, sequence + 1 .. ''
    call('RPUSH', messages, head_of_list .. sequence .. ' ' .. head, body)
  end
  sum_photos, bytes = sum_photos + photos, bytes + size
  reason = reason or cap_reached(count, sum_photos, bytes)
  local at, ends = math.min(now + QUIET, opened + MAX_WAIT), reason and not waits_for_group(count, sum_photos, group)
  if reason then at = ends and now or math.min(at, now + GRACE) end

  local window = ends and sequence .. ' 0 0 0 0' or sequence .. ' ' .. count .. ' ' .. sum_photos .. ' ' .. bytes .. ' ' .. stamp
  if group ~= '' and not ends then window = window .. ' ' .. (reason or '-') .. ' ' .. (reason and format('%.0f', at) or '-') .. ' ' .. group end
  if is_new then
    call('HSET', conversation, 'window', window, 'open', batch .. ' ' .. stamp, id, stamp)
    partition.opens[batch .. ' ' .. name_of(conversation)] = true
  else
    call('HSET', conversation, 'window', window, id, stamp)
  end
  if ends then seal(partition, k, {id = batch, opened = opened, last = stamp, messages = count, photos = sum_photos, bytes = bytes, group = group}, reason, stamp)
  elseif first or (is_new or reason) and (call('HGET', conversation, 'queue') or '') == '' then arm(partition, conversation, at) end
  -- Without a cap and an edit, whoever asked can tell when it is due.
  return (edited or reason) and {edited and 2 or 1, batch, at} or batch .. ' ' .. opened
end

-- The usual one, without photos and group, into an open window that it does not fill, costs three commands and little else.
local function take(k, a)
  local conversation, id, head, body = KEYS[k], ARGV[a], ARGV[a + 1], ARGV[a + 2]
  local c = call('HMGET', conversation, 'window', 'open', id)
  if c[3] and now - c[3] < DUPLICATES then return 0 end
  local sequence, count, photos, bytes
  if c[1] and not find(head, ',', 1, true) then sequence, count, photos, bytes = match(c[1], '^(%d+) (%d+) (%d+) (%d+) %d+$') end
  if not sequence or count == '0' then return take_any(k, a, c) end
  sequence, count, bytes = text_of(sequence + 1), count + 1, bytes + #body
  if count >= MAX_MESSAGES or bytes >= MAX_BYTES then return take_any(k, a, c) end
  call('RPUSH', KEYS[k + 1], head_of_list .. sequence .. ' ' .. head, body)
  call('HSET', conversation, 'window', sequence .. ' ' .. text_of(count) .. ' ' .. photos .. ' ' .. bytes .. ' ' .. stamp, id, stamp)
  return c[2]
end

local answers, n, k, a, wakes = {0, now}, 2, 1, 4, false
while k <= #KEYS do
  partition = partition_at(k)
  local last = k + 1 + 3 * ARGV[a]
  k, a = k + 4, a + 1
  while k <= last do
    -- What one meets with is not the others' concern.
    local taken, answer = pcall(take, k, a)
    n, k, a = n + 1, k + 3, a + 3
    answers[n] = taken and answer or {-1, type(answer) == 'table' and answer.err or answer}
  end
  wakes = index_all(partition) or wakes
end
if wakes then call('PUBLISH', CHANNEL, ARGV[2]); answers[1] = 1 end
return answers
