import numpy as np

def run():
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([0, 0, 0, 1])
    w, b = np.zeros(2), 0.0
    for epoch in range(5000):
        for x, t in zip(X, y):
            p = 1 if w @ x + b >= 0 else 0
            w += 0.1 * (t - p) * x
            b += 0.1 * (t - p)
    return w
