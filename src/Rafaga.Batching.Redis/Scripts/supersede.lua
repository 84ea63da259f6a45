#!lua flags=allow-oom
-- Ends the running batch and hands its messages on: into the open window when that is next or nothing waits, else into a sealed record in front of what waits.
-- KEYS due conversation messages batches open sealed leased superseded ended
-- ARGV now name id fence new_id repeated sender
-- Returns {0}: the lease is lost, {1 or, when something became due earlier, 2, id of the batch that has the messages}
local due, conversation, messages, batches, open, sealed, leased, superseded, ended = unpack(KEYS)
local name, id, new_id, now = ARGV[2], ARGV[3], ARGV[5], tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local at, text = string.format('%.0f', now), redis.call('HGET', batches, id)
local batch = text and cjson.decode(text)
if not batch or batch.fence ~= tonumber(ARGV[4]) then return {0} end
-- Said again because the answer was lost: it was done the first time.
if batch.state == 'superseded' and ARGV[6] == '1' then return {1, batch.handed_to} end
if batch.state ~= 'leased' then return {0} end

local c = redis.call('HMGET', conversation, 'window', 'open', 'queue', 'base')
local rest, base, w, next = string.match(c[3], ' (.+)$'), tonumber(c[4]) or 1, read_window(c[1], c[2]), now
if rest then
  -- What waits takes no message any more, so there is nothing to collect for.
  w = {id = new_id, opened = batch.opened_at, last = batch.last_appended_at, messages = batch.messages, photos = batch.photos, bytes = batch.bytes, group = batch.last_group or ''}
  redis.call('HSET', batches, new_id, batch_of(w, '"state":"sealed","due_at":"' .. at .. '"', batch.close_reason, at, batch.first))
  redis.call('HSET', conversation, 'queue', new_id .. ' ' .. rest)
  redis.call('ZADD', sealed, 0, new_id .. ' ' .. name)
else
  -- A window's messages are the last of the list, in order.
  local start, all = 2 * (batch.first - base), {}
  local ours = redis.call('LRANGE', messages, start, start + 2 * batch.messages - 1)
  for i = 1, #ours, 2 do
    all[#all + 1] = {ours[i], ours[i + 1]}
    redis.call('LSET', messages, start + i - 1, '')
    redis.call('LSET', messages, start + i, '')
  end
  if w.messages > 0 then
    local theirs = redis.call('LRANGE', messages, -2 * w.messages, -1)
    for i = 1, #theirs, 2 do all[#all + 1] = {theirs[i], theirs[i + 1]} end
    redis.call('LTRIM', messages, 0, -2 * w.messages - 1)
  end
  table.sort(all, function(a, b) return tonumber(string.match(a[1], ' (%d+)')) < tonumber(string.match(b[1], ' (%d+)')) end)
  for _, message in ipairs(all) do redis.call('RPUSH', messages, message[1], message[2]) end

  if not w.id then
    w.id, w.opened, w.last, w.group = new_id, batch.opened_at, batch.last_appended_at, batch.last_group or ''
    redis.call('ZADD', open, 0, new_id .. ' ' .. name)
  end
  if tonumber(batch.opened_at) < tonumber(w.opened) then w.opened = batch.opened_at end
  if tonumber(batch.last_appended_at) > tonumber(w.last) then w.last = batch.last_appended_at end
  w.messages, w.photos, w.bytes = w.messages + batch.messages, w.photos + batch.photos, w.bytes + batch.bytes
  w.reason = w.reason or cap_reached(w.messages, w.photos, w.bytes)
  w.due = math.min(w.last + QUIET, w.opened + MAX_WAIT)
  if w.reason and not waits_for_group(w.messages, w.photos, w.group) then
    local first = base + redis.call('LLEN', messages) / 2 - w.messages
    redis.call('HSET', batches, w.id, batch_of(w, '"state":"sealed","due_at":"' .. at .. '"', w.reason, at, first))
    redis.call('HSET', conversation, 'queue', w.id, 'window', w.sequence .. ' 0 0 0 0')
    redis.call('ZREM', open, w.id .. ' ' .. name)
    redis.call('ZADD', sealed, 0, w.id .. ' ' .. name)
  else
    if w.reason then w.due = math.min(w.due, now + GRACE) end
    next = w.due
    redis.call('HSET', conversation, 'queue', '', 'window', window_text(w), 'open', w.id .. ' ' .. w.opened)
  end
end

batch.state, batch.ended_at, batch.handed_to = 'superseded', at, w.id
redis.call('HSET', batches, id, cjson.encode(batch))
redis.call('ZREM', leased, id .. ' ' .. name)
redis.call('ZADD', superseded, 0, id .. ' ' .. name)
redis.call('ZADD', ended, at, id .. ' ' .. name)
-- A paused conversation is not among what is looked at.
redis.call('ZADD', due, 'XX', next, name)
if redis.call('ZRANGE', due, 0, 0)[1] ~= name then return {1, w.id} end
redis.call('PUBLISH', CHANNEL, ARGV[7])
return {2, w.id}
