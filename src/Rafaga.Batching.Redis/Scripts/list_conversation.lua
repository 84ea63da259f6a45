#!lua flags=no-writes
-- Reads which batches of a conversation are known.
-- KEYS conversation batches
-- ARGV
-- Returns {id, ...} in no order
local ids = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if not string.find(field, ':progress', 1, true) then ids[#ids + 1] = field end
end
ids[#ids + 1] = redis.call('HGET', KEYS[1], 'open') or nil
return ids
