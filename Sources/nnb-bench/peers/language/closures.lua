local function make(k) return function(x) return x + k end end
function run() local add, s = make(3), 0; for i = 1, 3000000 do s = add(s) end return s end
