local function sieve(n)
  local flags = {}
  for i = 0, n do flags[i] = 1 end
  local count = 0
  for i = 2, n do
    if flags[i] == 1 then
      count = count + 1
      local j = i * i
      while j <= n do flags[j] = 0; j = j + i end
    end
  end
  return count
end
function run() return sieve(1000000) end
