-- Looks for a message among the last of the list, the newest first: its place from the end, its head and its body.
local function find_message(messages, count, id)
  local window = redis.call('LRANGE', messages, -2 * count, -1)
  for i = #window - 1, 1, -2 do
    if cjson.decode(string.match(window[i], '{.*')).id == id then return i - 1 - #window, window[i], window[i + 1] end
  end
end
