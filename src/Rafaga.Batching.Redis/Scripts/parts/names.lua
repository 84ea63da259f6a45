-- The conversation that one of its keys belongs to.
local function name_of(key) return match(key, '}:%a+:(.*)$') end

-- Of several windows that one call opens, each has an id of its own, made from one.
local function numbered(id)
  local rest, last = sub(id, 1, -3), tonumber(sub(id, -2), 16) - 1
  return function() last = (last + 1) % 256; return rest .. format('%02x', last) end
end

local texts = {}

-- To write a number is dear, and among many messages the small ones come again.
local function text_of(number)
  local text = texts[number]
  if not text then text = number .. ''; texts[number] = text end
  return text
end
