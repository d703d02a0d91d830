"""XOR, 2-4(tanh)-1(sigmoid), half squared error, 5,000 full-batch steps of gradient descent, derivatives by hand: NumPy."""
import numpy as np
from common import best, report

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0.0], [1], [1], [0]])


def run():
    rng = np.random.default_rng(0)
    W1, b1 = rng.uniform(-1, 1, (2, 4)), np.zeros(4)
    W2, b2 = rng.uniform(-1, 1, (4, 1)), np.zeros(1)
    for _ in range(5000):
        H = np.tanh(X @ W1 + b1)
        P = 1 / (1 + np.exp(-(H @ W2 + b2)))
        D2 = (P - Y) * P * (1 - P)
        D1 = (D2 @ W2.T) * (1 - H * H)
        W2 -= 0.5 * H.T @ D2
        b2 -= 0.5 * D2.sum(0)
        W1 -= 0.5 * X.T @ D1
        b1 -= 0.5 * D1.sum(0)


report("numpy", best(run))
