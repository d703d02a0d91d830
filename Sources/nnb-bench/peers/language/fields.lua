local Point = {}
Point.__index = Point
function Point.new(x, y) local self = setmetatable({}, Point); self.x = x; self.y = y; return self end
function run() local p = Point.new(1, 2); for i = 1, 3000000 do p.x = p.x + p.y end return p.x end
