import numpy as np

def run():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    s = 0.0
    for i in range(1000000):
        s += a @ b
    return s
