"""XOR, 2-4(tanh)-1(sigmoid), MSE, 500 full-batch Adam steps: PyTorch."""
import torch
from common import best, report

X = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
Y = torch.tensor([[0.0], [1], [1], [0]])


def run():
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid())
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    loss = torch.nn.MSELoss()
    for _ in range(500):
        optimizer.zero_grad()
        loss(net(X), Y).backward()
        optimizer.step()


report("torch", best(run))
