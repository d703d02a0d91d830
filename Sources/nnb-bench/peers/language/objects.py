class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

def run():
    s = 0
    for i in range(2000000):
        p = Point(i, 1)
        s += p.x
    return s
