"""One epoch of 784-128(tanh)-10(sigmoid), MSE, Adam, batch 32: PyTorch, the usual eager loop."""
import torch
from common import best, digits, report

X, Y = map(torch.from_numpy, digits())
net = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.Tanh(), torch.nn.Linear(128, 10), torch.nn.Sigmoid())
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
loss = torch.nn.MSELoss()


def run():
    for rows in torch.randperm(60000).split(32):
        optimizer.zero_grad()
        loss(net(X[rows]), Y[rows]).backward()
        optimizer.step()


report("torch", best(run))
