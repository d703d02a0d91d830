function run()
  local counts, size = {}, 0
  for i = 0, 999999 do
    local k = i * 7919 % 1009
    if counts[k] then counts[k] = counts[k] + 1 else counts[k] = 1; size = size + 1 end
  end
  return size
end
