#!lua flags=allow-oom
-- Says something of the whole queue, also on a server that is full: a word or two, and what waits can be worked on.
-- KEYS meta
-- ARGV field value only_when_new
-- Returns 1 when the field is new, else 0
return redis.call(ARGV[3] == '1' and 'HSETNX' or 'HSET', KEYS[1], ARGV[1], ARGV[2])
