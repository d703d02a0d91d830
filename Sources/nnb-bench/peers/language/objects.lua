local Point = {}
Point.__index = Point
function Point.new(x, y) local self = setmetatable({}, Point); self.x = x; self.y = y; return self end
function run() local s = 0; for i = 0, 1999999 do local p = Point.new(i, 1); s = s + p.x end return s end
