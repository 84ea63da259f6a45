-- The cap that a window with so much in it has reached; nothing when none.
local function cap_reached(messages, photos, bytes)
  return photos >= MAX_PHOTOS and 'max_photos' or messages >= MAX_MESSAGES and 'max_messages' or bytes >= MAX_BYTES and 'max_bytes' or nil
end

-- Whether a window that has reached a cap, and whose last message belongs to the group, still waits for more of it.
local function waits_for_group(messages, photos, group) return group ~= '' and messages < SOFT_MESSAGES and photos < SOFT_PHOTOS end

-- Why a window with so much in it cannot take so much more; nothing when it can. A group is not cut by a cap, within the soft caps.
local function overflow(messages, photos, bytes, more_photos, more_bytes, joins)
  if messages < (joins and SOFT_MESSAGES or MAX_MESSAGES) and (more_photos == 0 or photos + more_photos <= (joins and SOFT_PHOTOS or MAX_PHOTOS))
    and bytes + more_bytes <= (joins and 2 or 1) * MAX_BYTES then return nil end
  return messages >= MAX_MESSAGES and 'max_messages' or photos + more_photos > MAX_PHOTOS and 'max_photos' or 'max_bytes'
end
