import numpy as np

def run():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    Y = np.array([[0], [1], [1], [0]], float)
    W1, b1 = np.array([[0.5, -0.3, 0.8], [0.2, 0.7, -0.6]]), np.zeros(3)
    W2, b2 = np.array([[0.4], [-0.9], [0.1]]), np.zeros(1)
    for step in range(5000):
        H = np.tanh(X @ W1 + b1)
        O = 1 / (1 + np.exp(-(H @ W2 + b2)))
        d2 = (O - Y) * O * (1 - O)
        d1 = d2 @ W2.T * (1 - H**2)
        W2 -= 0.5 * H.T @ d2
        b2 -= 0.5 * d2.sum(axis=0)
        W1 -= 0.5 * X.T @ d1
        b1 -= 0.5 * d1.sum(axis=0)
    return W1
