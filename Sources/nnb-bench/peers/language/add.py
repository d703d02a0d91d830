import numpy as np

def run():
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    for i in range(1000000):
        c = a + b
    return c
