"""XOR, 2-4(tanh)-1(sigmoid), half squared error, 5,000 full-batch steps of gradient descent, derivatives by autograd:
PyTorch, eager."""
import torch
from common import best, report

torch.set_default_dtype(torch.float64)
X = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
Y = torch.tensor([[0.0], [1], [1], [0]])


def run():
    W1 = (torch.rand(2, 4) * 2 - 1).requires_grad_()
    b1 = torch.zeros(4, requires_grad=True)
    W2 = (torch.rand(4, 1) * 2 - 1).requires_grad_()
    b2 = torch.zeros(1, requires_grad=True)
    parameters = [W1, b1, W2, b2]
    for _ in range(5000):
        P = torch.sigmoid(torch.tanh(X @ W1 + b1) @ W2 + b2)
        loss = ((P - Y) ** 2).sum() / 2
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for p, g in zip(parameters, gradients):
                p -= 0.5 * g


report("torch", best(run))
