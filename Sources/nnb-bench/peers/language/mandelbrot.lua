local function mandelbrot(size, limit)
  local total = 0
  for py = 0, size - 1 do
    for px = 0, size - 1 do
      local cr, ci = 2.5 * px / size - 2, 2 * py / size - 1
      local x, y, n = 0.0, 0.0, 0
      while n < limit and x * x + y * y <= 4 do
        local t = x * x - y * y + cr
        y = 2 * x * y + ci
        x = t
        n = n + 1
      end
      total = total + n
    end
  end
  return total
end
function run() return mandelbrot(200, 50) end
