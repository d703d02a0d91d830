function run() local s, i = 0, 0; while i < 30000000 do s = s + i; i = i + 1 end return s end
