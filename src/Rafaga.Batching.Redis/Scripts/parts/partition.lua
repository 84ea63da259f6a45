-- What the messages of a partition have in common: its keys, and what is indexed for all of them at the end.
local function partition_at(k)
  local due, open, sealed, paused = unpack(KEYS, k, k + 3)
  return {due = due, open = open, sealed = sealed, paused = paused, arms = {}, armed = {}, opens = {}}
end

local function arm(p, conversation, at)
  local name, arms = name_of(conversation), p.arms
  if p.pauses == nil then p.pauses = call('EXISTS', p.paused) == 1 end
  if p.pauses and call('ZSCORE', p.paused, name) then return end
  arms[#arms + 1], arms[#arms + 2], p.armed[name] = at, name, true
end

-- Closes a window of the conversation whose keys begin there.
local function seal(p, k, w, why, stamp)
  local conversation, messages, batches = unpack(KEYS, k, k + 2)
  local c, member = call('HMGET', conversation, 'queue', 'base'), w.id .. ' ' .. name_of(conversation)
  local first = (c[2] or 1) + call('LLEN', messages) / 2 - w.messages
  call('HSET', batches, w.id, batch_of(w, '"state":"sealed","due_at":"' .. stamp .. '"', why, stamp, first))
  call('HSET', conversation, 'queue', (c[1] or '') == '' and w.id or c[1] .. ' ' .. w.id)
  if p.opens[member] then p.opens[member] = nil else call('ZREM', p.open, member) end
  call('ZADD', p.sealed, 0, member)
  if (c[1] or '') == '' then arm(p, conversation, tonumber(stamp)) end
end

-- Whether something has become due earlier.
local function index_all(p)
  local members = {}
  for member in pairs(p.opens) do members[#members + 1], members[#members + 2] = 0, member end
  if #members > 0 then call('ZADD', p.open, unpack(members)) end
  if #p.arms == 0 then return false end
  call('ZADD', p.due, unpack(p.arms))
  return p.armed[call('ZRANGE', p.due, 0, 0)[1]]
end
