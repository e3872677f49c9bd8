"""The same nets as a plain PyTorch loop: what one would write in Python, one small net after the other.

    loop.py NETS WIDTH STEPS THREADS [--fused]     prints one JSON object

Batches are drawn before the clock starts (ours draws them while it runs), so the loop's time is its training alone.
"""

import json
import sys
import time

import torch
from torch import nn

BATCH = 128
FEATURES = 21


def make_net(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(FEATURES, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, 2),
    )


def main() -> None:
    count, width, steps, threads = (int(a) for a in sys.argv[1:5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    nets = [make_net(width) for _ in range(count)]
    optimisers = [torch.optim.Adam(net.parameters(), lr=2e-3, fused="--fused" in sys.argv) for net in nets]
    warm_up = 2
    inputs = torch.randn(8, BATCH, FEATURES)
    noise = torch.randn(8, BATCH, 2)

    def step(i: int) -> None:
        x, eps = inputs[i % 8], noise[i % 8]
        for net, optimiser in zip(nets, optimisers, strict=True):
            loss = nn.functional.mse_loss(net(x), eps)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    for i in range(warm_up):
        step(i)
    start = time.perf_counter()
    for i in range(steps):
        step(i)
    print(json.dumps({"seconds_per_step": (time.perf_counter() - start) / steps}))


main()
