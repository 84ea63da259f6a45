-- The sealed batch that comes first now has waited for its own conversation: it goes behind the others that are due.
local function give_turn(batches, id, stamp)
  call('HSET', batches, id, (string.gsub(call('HGET', batches, id), '"due_at":"%d+"', '"due_at":"' .. stamp .. '"', 1)))
  return stamp
end
