#!lua
-- Takes messages into the windows of their conversations; a window that cannot take one is sealed, and the next one opens. An edit goes into the place of its message.
-- KEYS due open sealed paused (conversation messages batches)...
-- ARGV now sender (name new_id id head body photos group edits)...
-- Returns {1 when something became due earlier, else 0, then per message {0}: known id, {1, batch id, due}: taken, {2, batch id, due}: edited in place}
local due, open, sealed, paused = unpack(KEYS, 1, 4)
local stamp, earlier = ARGV[1], 0
if stamp == '' then
  local t = redis.call('TIME')
  stamp = t[1] .. string.format('%06d', t[2])
end
local now = tonumber(stamp)

local function arm(name, at)
  if redis.call('ZSCORE', paused, name) then return end
  redis.call('ZADD', due, at, name)
  if redis.call('ZRANGE', due, 0, 0)[1] == name then earlier = 1 end
end

local function seal(at, name, id, opened, last, count, photos, bytes, group, why)
  local conversation, messages, batches = unpack(KEYS, at, at + 2)
  local c, member = redis.call('HMGET', conversation, 'queue', 'base'), id .. ' ' .. name
  redis.call('HSET', batches, id, '{"state":"sealed","due_at":"' .. stamp .. '","close_reason":"' .. why .. '","opened_at":"' .. opened .. '","last_appended_at":"' .. last
    .. '","sealed_at":"' .. stamp .. '","messages":' .. count .. ',"photos":' .. photos .. ',"bytes":' .. bytes
    .. ',"first":' .. (c[2] or 1) + redis.call('LLEN', messages) / 2 - count .. (group ~= '' and ',"last_group":' .. cjson.encode(group) or '') .. '}')
  redis.call('HSET', conversation, 'queue', (c[1] or '') == '' and id or c[1] .. ' ' .. id)
  redis.call('ZREM', open, member)
  redis.call('ZADD', sealed, 0, member)
  if (c[1] or '') == '' then arm(name, now) end
end

local function take(at, name, new_id, id, head, body, photos, group, edits)
  local conversation, messages = unpack(KEYS, at, at + 1)
  local c = redis.call('HMGET', conversation, 'window', 'open', id)
  if c[3] and now - c[3] < DUPLICATES then return {0} end
  local sequence, count, sum_photos, bytes, last, rest = string.match(c[1] or '0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+)(.*)$')
  local batch, opened, reason, last_group, edited, _ = nil, stamp, nil, '', false, nil
  count, sum_photos, bytes, photos = tonumber(count), tonumber(sum_photos), tonumber(bytes), tonumber(photos)
  local size = #body

  if count > 0 then
    batch, opened = string.match(c[2], '^(%S+) (%d+)$')
    if rest ~= '' then reason, _, last_group = string.match(rest, '^ (%S+) (%S+) (.*)$') end
    if reason == '-' then reason = nil end
    local place, kept, was
    if edits ~= '' then place, kept, was = find_message(messages, count, edits) end
    if place then
      local more_photos, more_bytes = photos - (string.match(kept, ',"photos":(%d+)}$') or 0), size - #was
      edited = (more_photos <= 0 or sum_photos + more_photos <= MAX_PHOTOS) and (more_bytes <= 0 or bytes + more_bytes <= MAX_BYTES)
      if edited then
        kept = string.gsub(kept, ',"photos":%d+}$', '}')
        redis.call('LSET', messages, place, photos == 0 and kept or string.sub(kept, 1, -2) .. ',"photos":' .. photos .. '}')
        redis.call('LSET', messages, place + 1, body)
        photos, size, group = more_photos, more_bytes, last_group
      end
    end
    if not edited then
      local joins = group ~= '' and group == last_group
      local fits = count < (joins and SOFT_MESSAGES or MAX_MESSAGES)
        and (photos == 0 or sum_photos + photos <= (joins and SOFT_PHOTOS or MAX_PHOTOS))
        and bytes + size <= (joins and 2 * MAX_BYTES or MAX_BYTES)
      if not fits or (reason and not joins) then
        local why = reason or count >= MAX_MESSAGES and 'max_messages' or sum_photos + photos > MAX_PHOTOS and 'max_photos' or 'max_bytes'
        seal(at, name, batch, opened, last, count, sum_photos, bytes, last_group, why)
        count = 0
      end
    end
  end

  local is_new = count == 0
  if is_new then
    batch, opened, reason, sum_photos, bytes = new_id, stamp, nil, 0, 0
    redis.call('ZADD', open, 0, batch .. ' ' .. name)
    if sequence ~= '0' then redis.call('PERSIST', conversation) end
  end
  if not edited then
    count, sequence = count + 1, sequence + 1
    redis.call('RPUSH', messages, stamp .. ' ' .. sequence .. ' ' .. head, body)
  end
  sum_photos, bytes = sum_photos + photos, bytes + size
  reason = reason or sum_photos >= MAX_PHOTOS and 'max_photos' or count >= MAX_MESSAGES and 'max_messages' or bytes >= MAX_BYTES and 'max_bytes'
  local at_end = math.min(now + QUIET, opened + MAX_WAIT)
  local ends = reason and (group == '' or count >= SOFT_MESSAGES or sum_photos >= SOFT_PHOTOS)
  if reason then at_end = ends and now or math.min(at_end, now + GRACE) end

  local window = sequence .. (ends and ' 0 0 0 0' or ' ' .. count .. ' ' .. sum_photos .. ' ' .. bytes .. ' ' .. stamp)
  if group ~= '' and not ends then window = window .. ' ' .. (reason or '-') .. ' ' .. (reason and string.format('%.0f', at_end) or '-') .. ' ' .. group end
  if is_new then redis.call('HSET', conversation, 'window', window, 'open', batch .. ' ' .. stamp, id, stamp)
  else redis.call('HSET', conversation, 'window', window, id, stamp) end
  if ends then seal(at, name, batch, opened, stamp, count, sum_photos, bytes, group, reason)
  elseif (is_new or reason) and (redis.call('HGET', conversation, 'queue') or '') == '' then arm(name, at_end) end
  return {edited and 2 or 1, batch, at_end}
end

local answers = {0}
for i = 0, (#KEYS - 4) / 3 - 1 do answers[i + 2] = take(5 + 3 * i, unpack(ARGV, 3 + 8 * i, 10 + 8 * i)) end
if earlier == 1 then redis.call('PUBLISH', CHANNEL, ARGV[2]) end
answers[1] = earlier
return answers
