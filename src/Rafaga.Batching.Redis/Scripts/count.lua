#!lua flags=no-writes
-- Counts batches.
-- KEYS state... (of the first state one for each partition, then of the next state)
-- ARGV partitions
-- Returns how many there are, per state
local counts, partitions = {}, tonumber(ARGV[1])
for i = 1, #KEYS, partitions do
  local count = 0
  -- One command instead of one for each partition where there is nothing.
  if redis.call('EXISTS', unpack(KEYS, i, i + partitions - 1)) > 0 then
    for k = i, i + partitions - 1 do count = count + redis.call('ZCARD', KEYS[k]) end
  end
  counts[#counts + 1] = count
end
return counts
