-- The conversation that one of its keys belongs to.
local function name_of(key) return string.match(key, '}:%a+:(.*)$') end

-- Of several windows that one call opens, each has an id of its own, made from one.
local function numbered(id, i) return string.sub(id, 1, -3) .. string.format('%02x', (tonumber(string.sub(id, -2), 16) + i - 1) % 256) end
