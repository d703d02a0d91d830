def run():
    s = i = 0
    while i < 30000000:
        s += i
        i += 1
    return s
