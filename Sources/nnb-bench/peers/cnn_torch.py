"""12,800 images of Fashion-MNIST through conv32-3x3, relu, pool, conv64-3x3, relu, pool, dense10, Adam, batch 128: PyTorch."""
import torch
from common import best, idx, report

X = torch.from_numpy(idx("train-images-idx3-ubyte")[:12800].copy()).float().div(255).unsqueeze(1)
Y = torch.from_numpy(idx("train-labels-idx1-ubyte")[:12800].copy()).long()
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 32, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(32, 64, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(1600, 10),
)
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
loss = torch.nn.CrossEntropyLoss()


def run():
    for rows in torch.randperm(len(X)).split(128):
        optimizer.zero_grad()
        loss(net(X[rows]), Y[rows]).backward()
        optimizer.step()


report("torch", best(run))
