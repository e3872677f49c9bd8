#!/usr/bin/env python3
"""Do the fused sweep and a plain PyTorch loop train the same nets?

The same set-up on both sides, 12 seeds each, and where the losses end.

    benchmarks/toy_sweep/same.py [--binary PATH] [--write]

Random numbers differ, so single nets do; their distributions must not. For each cell and loss: means of the log10
over seeds and the p of a permutation test. --write writes results/toy_same.jsonl.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

DELTA_Z, W, SEEDS = (0.1, 1.0, 20.0), 0.1, 12
STEPS, WIDTH, BATCH, LEVELS, FREQUENCIES = 1500, 64, 128, 100, 8


def spiral(xy: torch.Tensor) -> torch.Tensor:
    theta, r = 3 * math.pi * xy[:, 0], 0.2 + 0.7 * xy[:, 0] + 0.2 * (xy[:, 1] - 0.5)
    return 3 * torch.stack((r * theta.cos(), r * theta.sin()), 1)


def target(xy: torch.Tensor) -> torch.Tensor:
    c = math.sqrt(0.5)
    return spiral(xy) @ torch.tensor([[c, c], [-c, c]]) + torch.tensor([3.0, 1.5])


def signal_levels() -> torch.Tensor:
    u = torch.arange(LEVELS + 1, dtype=torch.float64) / LEVELS
    f = torch.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
    return (f / f[0]).clamp(min=1e-4).float()


SIGNAL = signal_levels()
SPACING = 100 ** (torch.arange(FREQUENCIES) / (FREQUENCIES - 1))


def rows(xyz: torch.Tensor, noised: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    time = (t / LEVELS)[:, None] * SPACING
    return torch.cat((xyz, noised, time.sin(), time.cos()), 1)


def train_in_torch(delta_z: float, seed: int) -> dict[str, float]:
    torch.manual_seed(seed)
    source, scarce = torch.rand(2000, 2), torch.rand(25, 2) * torch.tensor([0.5, 1.0])
    inputs = torch.cat(
        (torch.cat((source, torch.zeros(2000, 1)), 1), torch.cat((scarce, torch.full((25, 1), delta_z)), 1))
    )
    outputs = torch.cat((spiral(source), target(scarce)))
    layers: list[nn.Module] = []
    for size in (21, WIDTH, WIDTH):
        layers += [nn.Linear(size, WIDTH), nn.ReLU()]
    net = nn.Sequential(*layers, nn.Linear(WIDTH, 2))
    for layer in net:
        if isinstance(layer, nn.Linear):
            bound = layer.in_features**-0.5
            nn.init.uniform_(layer.weight, -bound, bound)
            nn.init.uniform_(layer.bias, -bound, bound)
    optimiser = torch.optim.Adam(net.parameters(), lr=2e-3)
    tail: list[float] = []
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = 1e-3 * (1 + math.cos(math.pi * step / STEPS))
        from_target = torch.rand(BATCH) < W
        index = torch.where(from_target, 2000 + torch.randint(25, (BATCH,)), torch.randint(2000, (BATCH,)))
        t = torch.randint(1, LEVELS + 1, (BATCH,))
        eps, level = torch.randn(BATCH, 2), SIGNAL[t][:, None]
        loss = nn.functional.mse_loss(
            net(rows(inputs[index], level.sqrt() * outputs[index] + (1 - level).sqrt() * eps, t)), eps
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step >= STEPS - STEPS // 10:
            tail.append(loss.item())
    return {"training_loss": statistics.fmean(tail)} | losses_of(net, delta_z)


@torch.no_grad()
def losses_of(net: nn.Module, delta_z: float, per_point: int = 4) -> dict[str, float]:
    axis = (torch.arange(16) + 0.5) / 16
    xy = torch.cartesian_prod(axis, axis)[:, [1, 0]].repeat_interleave(per_point, 0)
    xyz = torch.cat((xy, torch.full((len(xy), 1), delta_z)), 1)
    y = torch.randn(len(xy), 2)
    steps = [LEVELS - round(k * LEVELS / 25) for k in range(26)]
    for now, then in itertools.pairwise(steps):
        a, b = SIGNAL[now], SIGNAL[then]
        eps = net(rows(xyz, y, torch.full((len(xy),), now)))
        y = (y - (1 - a).sqrt() * eps) / a.sqrt() * b.sqrt() + (1 - b).sqrt() * eps
    error = (y - target(xy)).square().sum(1)
    return {"covered": error[xy[:, 0] <= 0.5].mean().item(), "ood": error[xy[:, 0] > 0.5].mean().item()}


def ours(binary: Path) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as out:
        options = {"steps": STEPS, "width": WIDTH, "match_steps": 1}
        sets = [f"--set=toy.{key}={value}" for key, value in options.items()]
        grid = [f"--dz={','.join(map(str, DELTA_Z))}", f"--w={W}", f"--seeds={SEEDS}"]
        subprocess.run([binary, "toy", "--out", out, *grid, *sets], check=True, stdout=subprocess.DEVNULL)
        metrics = [json.loads(line) for line in (Path(out) / "metrics.jsonl").read_text().splitlines()]
    return [row for row in metrics if row["w"] == W]


def permutation_p(a: list[float], b: list[float], draws: int = 20000) -> float:
    """Two-sided, of the difference of means."""
    chance, pooled = random.Random(1), a + b
    seen = abs(statistics.fmean(a) - statistics.fmean(b))
    more = 0
    for _ in range(draws):
        chance.shuffle(pooled)
        more += abs(statistics.fmean(pooled[: len(a)]) - statistics.fmean(pooled[len(a) :])) >= seen - 1e-12
    return (more + 1) / (draws + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/apps/heddle/heddle")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    fused = ours(arguments.binary)
    table = []
    for delta_z in DELTA_Z:
        loop = [train_in_torch(delta_z, seed) for seed in range(SEEDS)]
        for loss in ("training_loss", "covered", "ood"):
            a = [math.log10(row[loss]) for row in fused if row["delta_z"] == delta_z]
            b = [math.log10(row[loss]) for row in loop]
            row = {"delta_z": delta_z, "w": W, "loss": loss, "seeds": SEEDS}
            row |= {"ours": round(statistics.fmean(a), 3), "ours_sd": round(statistics.stdev(a), 3)}
            row |= {"loop": round(statistics.fmean(b), 3), "loop_sd": round(statistics.stdev(b), 3)}
            row["p"] = round(permutation_p(a, b), 3)
            table.append(row)
            print(row, flush=True)
    if arguments.write:
        made_by = origin("benchmarks/toy_sweep/same.py --write")
        (ROOT / "results" / "toy_same.jsonl").write_text("".join(json.dumps(row | made_by) + "\n" for row in table))


main()
