function run()
  local n = 80
  local A, B, C = {}, {}, {}
  for i = 0, n - 1 do
    A[i], B[i], C[i] = {}, {}, {}
    for j = 0, n - 1 do A[i][j] = i + j; B[i][j] = i - j end
  end
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      local s = 0
      for k = 0, n - 1 do s = s + A[i][k] * B[k][j] end
      C[i][j] = s
    end
  end
  return C[3][4]
end
