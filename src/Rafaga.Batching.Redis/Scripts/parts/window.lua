-- The open window of a conversation, from two fields of its hash; without an id none is open.
-- window "sequence messages photos bytes last", and after a member of a group " reason due group"; '-' where there is none
-- open "batch opened"
local function read_window(window, open)
  local sequence, messages, photos, bytes, last, group = string.match(window or '0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+)(.*)$')
  local w = {sequence = sequence, messages = tonumber(messages), photos = tonumber(photos), bytes = tonumber(bytes), last = last, group = ''}
  if w.messages == 0 then return w end
  w.id, w.opened = string.match(open, '^(%S+) (%d+)$')
  if group ~= '' then w.reason, w.due, w.group = string.match(group, '^ (%S+) (%S+) (.*)$') end
  if w.reason == '-' then w.reason = nil end
  w.due = tonumber(w.due) or math.min(last + QUIET, w.opened + MAX_WAIT)
  return w
end

-- How the window looks as a batch; the lead is what stands before its content.
local function batch_of(w, lead, reason, sealed_at, first)
  return '{' .. lead .. ',"close_reason":"' .. reason .. '","opened_at":"' .. w.opened .. '","last_appended_at":"' .. w.last .. '","sealed_at":"' .. sealed_at
    .. '","messages":' .. w.messages .. ',"photos":' .. w.photos .. ',"bytes":' .. w.bytes .. ',"first":' .. first
    .. (w.group ~= '' and ',"last_group":' .. cjson.encode(w.group) or '') .. '}'
end

local function window_text(w)
  return w.sequence .. ' ' .. w.messages .. ' ' .. w.photos .. ' ' .. w.bytes .. ' ' .. w.last
    .. (w.group ~= '' and ' ' .. (w.reason or '-') .. ' ' .. (w.reason and string.format('%.0f', w.due) or '-') .. ' ' .. w.group or '')
end
