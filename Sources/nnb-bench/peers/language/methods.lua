local Counter = {}
Counter.__index = Counter
function Counter.new() local self = setmetatable({}, Counter); self.n = 0; return self end
function Counter:add(k) self.n = self.n + k end
function run() local c = Counter.new(); for i = 0, 1999999 do c:add(i) end return c.n end
