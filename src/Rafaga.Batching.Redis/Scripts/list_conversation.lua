#!lua flags=no-writes
-- Reads which batches of a conversation are known.
-- KEYS conversation batches
-- ARGV
-- Returns {id, ...} in no order
local conversation, batches = unpack(KEYS)
local c, ids = redis.call('HMGET', conversation, 'window', 'open'), {}
for _, field in ipairs(redis.call('HKEYS', batches)) do
  if not string.find(field, ':progress', 1, true) then ids[#ids + 1] = field end
end
ids[#ids + 1] = read_window(c[1], c[2]).id
return ids
