def make(k):
    return lambda x: x + k

def run():
    add, s = make(3), 0
    for i in range(3000000):
        s = add(s)
    return s
