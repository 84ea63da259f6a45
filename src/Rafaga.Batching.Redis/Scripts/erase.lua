#!lua flags=allow-oom
-- Forgets a conversation: its window, its batches in every state with their messages, the message ids, its pause.
-- KEYS due conversation messages batches paused ended state...
-- ARGV now name
-- Returns {batches, now}
local due, conversation, messages, batches, paused, ended = unpack(KEYS, 1, 6)
local call, stamp, name, ids = redis.call, ARGV[1], ARGV[2], {}
if stamp == '' then local t = call('TIME'); stamp = t[1] .. string.format('%06d', t[2]) end
local c = call('HMGET', conversation, 'window', 'open')
for _, field in ipairs(call('HKEYS', batches)) do
  if not string.find(field, ':', 1, true) then ids[#ids + 1] = field end
end
ids[#ids + 1] = read_window(c[1], c[2]).id
for _, id in ipairs(ids) do
  local member = id .. ' ' .. name
  call('ZREM', ended, member)
  for k = 7, #KEYS do call('ZREM', KEYS[k], member) end
end
call('ZREM', due, name)
call('ZREM', paused, name)
call('DEL', conversation, messages, batches)
return {#ids, tonumber(stamp)}
