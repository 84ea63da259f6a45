-- Puts a body, and the photos that it counts for, into the place of a message of the window, unless that would go beyond a cap: the photos and bytes that come on top.
local function edit_message(messages, w, id, photos, body)
  local place, head, was = find_message(messages, w.messages, id)
  if not place then return nil end
  local more_photos, more_bytes = photos - (string.match(head, ',"photos":(%d+)}$') or 0), #body - #was
  if more_photos > 0 and w.photos + more_photos > MAX_PHOTOS or more_bytes > 0 and w.bytes + more_bytes > MAX_BYTES then return nil end
  head = string.gsub(head, ',"photos":%d+}$', '}')
  redis.call('LSET', messages, place, photos == 0 and head or string.sub(head, 1, -2) .. ',"photos":' .. photos .. '}')
  redis.call('LSET', messages, place + 1, body)
  return more_photos, more_bytes
end
