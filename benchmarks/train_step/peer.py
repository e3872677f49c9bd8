#!/usr/bin/env python3
"""The steps of train_step_speed in PyTorch: peer.py POLICY FOLDER eager|compiled

Reads the weights and batches that train_step_speed wrote into FOLDER and answers its `losses` and `steps`; `flops` is
what a step computes, counted. Everything that PyTorch offers for speed and needs no other code is on: the fused AdamW,
clipping and the mean of weights over lists, channels-last pictures, gradients set to None.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path

import torch
from networks import Policy, Shape, read_safetensors, shape_of
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

RATE, CLIP, BETAS, DECAY, MEAN = 1e-3, 1.0, (0.9, 0.95), 1e-4, 0.999
WARMUP, LAST, STEPS = 200, 0.02, 1_000_000
CROP, BRIGHTNESS, CONTRAST = 76, 0.2, 0.2
BATCHES = 8


class Training:
    def __init__(self, name: str, folder: Path, compiled: bool):
        self.shape: Shape = shape_of(name, told=False)
        self.policy = Policy(self.shape)
        self.policy.load(read_safetensors(folder / "weights.safetensors"))
        if self.shape.cameras:
            self.policy.to(memory_format=torch.channels_last)
        self.data = read_safetensors(folder / "data.safetensors")
        self.batches = [
            {key.split("/")[1]: v for key, v in self.data.items() if key.startswith(f"batch{i}/")}
            for i in range(BATCHES)
        ]
        parameters = list(self.policy.parameters())
        self.parameters = parameters
        self.optimiser = torch.optim.AdamW(
            [
                {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": DECAY},
                {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
            ],
            lr=RATE,
            betas=BETAS,
            eps=1e-8,
            fused=True,
        )
        warm = torch.optim.lr_scheduler.LambdaLR(self.optimiser, self.share)
        self.schedule = warm
        self.mean = [p.detach().clone() for p in parameters]
        self.loss = torch.compile(self.policy.loss) if compiled else self.policy.loss
        rows = self.shape.batch
        self.weight = torch.ones(rows, self.shape.steps, self.shape.actions)
        self.scales = {name: (torch.zeros(1), torch.ones(1)) for name in self.batches[0]}
        self.done = 0

    @staticmethod
    def share(step: int) -> float:
        return (step + 1) / WARMUP if step < WARMUP else 1.0  # the cosine has not begun to fall

    def picture(self, pixels: Tensor) -> Tensor:
        """[B, 1, H, W, 3] bytes -> [B, 3, h, w], cropped and recoloured at random, a row at a time."""
        rows, spare = len(pixels), pixels.shape[2] - CROP
        places = torch.randint(0, spare + 1, (rows, 2)).tolist()
        cut = torch.stack(
            [row[y : y + CROP, x : x + CROP] for row, (y, x) in zip(pixels.squeeze(1), places, strict=True)]
        )
        contrast = 1 + CONTRAST * (2 * torch.rand(rows, 1, 1, 1) - 1)
        brightness = BRIGHTNESS * (2 * torch.rand(rows, 1, 1, 1) - 1)
        value = torch.addcmul(0.5 + brightness - 0.5 * contrast, cut.float(), contrast / 255)
        return value.clamp_(0, 1).mul_(2).sub_(1).permute(0, 3, 1, 2)

    def normalised(self, batch: dict[str, Tensor], name: str) -> Tensor:
        centre, scale = self.scales[name]
        return (batch[name] - centre) / scale

    def inputs(self, batch: dict[str, Tensor]) -> tuple:
        shape, policy = self.shape, self.policy
        rows = shape.batch
        numbers = torch.cat(
            [*(self.normalised(batch, name).squeeze(1) for name in shape.features), torch.ones(rows, shape.inputs)], 1
        )
        actions = self.normalised(batch, "action")
        weight = self.weight / self.weight.sum((1, 2), keepdim=True)
        noise = torch.randn_like(actions)
        level = torch.randint(1, shape.noise_steps + 1, (rows,))
        alpha, sigma = policy.alpha[level].view(rows, 1, 1), policy.sigma[level].view(rows, 1, 1)
        pictures = [self.picture(batch[name]) for name in shape.camera_names]
        return numbers, pictures, alpha * actions + sigma * noise, actions - noise, level, weight

    def compared(self, step: int) -> tuple:
        """What chance made of Heddle's step."""
        of = {key.split("/")[1]: v for key, v in self.data.items() if key.startswith(f"step{step}/")}
        pictures = [of[f"picture{i}"].contiguous(memory_format=torch.channels_last) for i in range(self.shape.cameras)]
        weight = self.weight / self.weight.sum((1, 2), keepdim=True)
        return of["numbers"], pictures, of["noised"], of["wanted"], of["level"], weight

    def step(self, inputs: tuple | None = None) -> tuple[float, Tensor]:
        loss = self.loss(*(inputs or self.inputs(self.batches[self.done % BATCHES])))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimiser.step()
        self.schedule.step()
        decay = min(MEAN, (1 + self.done) / (10 + self.done))
        with torch.no_grad():
            torch._foreach_lerp_(self.mean, self.parameters, 1 - decay)
        self.optimiser.zero_grad(set_to_none=True)
        self.done += 1
        return loss.item(), norm

    def answer(self, what: str, threads: int, count: int) -> dict:
        if what == "losses":
            results = [self.step(self.compared(i)) for i in range(count)]
            return {"losses": [loss for loss, _ in results], "norms": [norm.item() for _, norm in results]}
        torch.set_num_threads(threads)
        if what == "flops":
            with FlopCounterMode(display=False) as counter, contextlib.redirect_stdout(io.StringIO()):
                self.policy.loss(*self.inputs(self.batches[0])).backward()
            self.optimiser.zero_grad(set_to_none=True)
            return {"flops": counter.get_total_flops()}
        start = time.perf_counter()
        for _ in range(count):
            self.step()
        return {"seconds": time.perf_counter() - start}


def main() -> None:
    name, folder, kind = sys.argv[1:]
    torch.set_num_threads(1)
    training = Training(name, Path(folder), kind == "compiled")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        words = line.split()
        counts = [int(word) for word in words[1:]]
        threads, count = counts if len(counts) == 2 else (1, counts[0])
        print(json.dumps(training.answer(words[0], threads, count)), flush=True)


main()
