#!/usr/bin/env python3
"""The chunks of act_speed in PyTorch: peer.py POLICY FOLDER eager|compiled. Answers the same lines."""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "train_step"))
from networks import Policy, read_safetensors, shape_of
from torch import Tensor

CROP, LABEL = 76, 1  # the label's place, plus 1


class Acting:
    def __init__(self, name: str, folder: Path, compiled: bool):
        self.shape = shape_of(name, told=True)
        self.policy = Policy(self.shape).eval()
        self.policy.load(read_safetensors(folder / "weights.safetensors"))
        if self.shape.cameras:
            self.policy.to(memory_format=torch.channels_last)
        self.data = read_safetensors(folder / "data.safetensors")
        self.levels = self.data["levels"].tolist()
        self.alpha, self.sigma = self.policy.alpha.tolist(), self.policy.sigma.tolist()
        self.centre, self.scale = torch.zeros(1), torch.ones(1)
        self.low, self.high = -torch.ones(self.shape.actions), torch.ones(self.shape.actions)
        self.encode, self.head = self.policy.encode, self.policy.head
        if compiled:
            self.encode, self.head = torch.compile(self.encode), torch.compile(self.head)

    def picture(self, pixels: Tensor) -> Tensor:
        at = (pixels.shape[2] - CROP) // 2
        cut = pixels[:, 0, at : at + CROP, at : at + CROP].float()
        return cut.mul_(2 / 255).sub_(1).permute(0, 3, 1, 2)

    def clean(self, x: Tensor, said: Tensor, level: int) -> Tensor:
        if self.shape.flow:
            return (x + self.sigma[level] * said).clamp_(-1, 1)
        return ((x - self.sigma[level] * said) / self.alpha[level]).clamp_(-1, 1)

    @torch.inference_mode()
    def act(self, strength: float) -> Tensor:
        shape, data = self.shape, self.data
        numbers = torch.cat([(data[name].squeeze(1) - self.centre) / self.scale for name in shape.features], 1)
        numbers = torch.cat([numbers, torch.ones(1, shape.inputs)], 1)
        z = self.encode(numbers, [self.picture(data[name]) for name in shape.camera_names])
        told = torch.cat([z, F.one_hot(torch.tensor([LABEL - 1]), shape.values).float()], 1)
        if strength:
            told = torch.cat([told, torch.cat([z, torch.zeros(1, shape.values)], 1)])
        x = data["noise"]
        for level, following in pairwise(self.levels):
            time_features = self.policy.time_features[level].expand(len(told), -1)
            if strength:
                with_label, without = self.head(told, torch.cat([x, x]), time_features).chunk(2)
                said = (1 + strength) * with_label - strength * without
            else:
                said = self.head(told, x, time_features)
            clean = self.clean(x, said, level)
            noise = (x - self.alpha[level] * clean) / self.sigma[level]
            x = self.alpha[following] * clean + self.sigma[following] * noise
        return (x * self.scale + self.centre).clamp_(self.low, self.high)

    def answer(self, words: list[str]) -> dict:
        if words[0] == "actions":
            return {"actions": self.act(float(words[1])).flatten().tolist()}
        torch.set_num_threads(int(words[1]))
        strength, count = float(words[2]), int(words[3])
        start = time.perf_counter()
        for _ in range(count):
            self.act(strength)
        return {"seconds": time.perf_counter() - start}


def main() -> None:
    name, folder, kind = sys.argv[1:]
    torch.set_num_threads(1)
    acting = Acting(name, Path(folder), kind == "compiled")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(acting.answer(line.split())), flush=True)


main()
