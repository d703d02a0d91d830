"""One epoch of LSTM(64) over the 28 rows of an image, 10 softmax, Adam, batch 128, 12,800 images: PyTorch, eager."""
import torch
from common import best, digits, report

X, Y = map(torch.from_numpy, digits())
X, Y = X[:12800].reshape(-1, 28, 28), Y[:12800].argmax(1)
lstm, head = torch.nn.LSTM(28, 64, batch_first=True), torch.nn.Linear(64, 10)
optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()], lr=0.001)
loss = torch.nn.CrossEntropyLoss()


def run():
    for rows in torch.randperm(12800).split(128):
        optimizer.zero_grad()
        loss(head(lstm(X[rows])[0][:, -1]), Y[rows]).backward()
        optimizer.step()


report("torch", best(run))
