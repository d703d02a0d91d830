class Counter:
    def __init__(self):
        self.n = 0

    def add(self, k):
        self.n += k

def run():
    c = Counter()
    for i in range(2000000):
        c.add(i)
    return c.n
