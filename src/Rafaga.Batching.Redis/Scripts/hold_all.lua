#!lua flags=allow-oom
-- Holds back, or lets go, all conversations of a partition: the member without a name stands before all others.
-- KEYS due
-- ARGV held sender
-- Returns 1 when something became due earlier, else 0
if ARGV[1] == '1' then
  redis.call('ZADD', KEYS[1], 0, '')
  return 0
end
redis.call('ZREM', KEYS[1], '')
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('PUBLISH', CHANNEL, ARGV[2])
return 1
