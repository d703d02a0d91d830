def sieve(n):
    flags = [1] * (n + 1)
    count = 0
    for i in range(2, n + 1):
        if flags[i] == 1:
            count += 1
            j = i * i
            while j <= n:
                flags[j] = 0
                j += i
    return count

def run():
    return sieve(1000000)
