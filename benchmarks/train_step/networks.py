"""The policies of Heddle in PyTorch, as one would write them there: the same networks, by the same names.

`Policy.load` takes the weights of a safetensors file that Heddle wrote, or the names would not match.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DTYPES = {"F32": torch.float32, "I64": torch.int64, "U8": torch.uint8, "BOOL": torch.bool}


def read_safetensors(path: Path) -> dict[str, Tensor]:
    raw = bytearray(path.read_bytes())
    size = int.from_bytes(raw[:8], "little")
    tensors = {}
    for name, each in json.loads(raw[8 : 8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in each["data_offsets"])
        flat = torch.frombuffer(raw[begin:end], dtype=DTYPES[each["dtype"]])
        tensors[name] = flat.reshape(each["shape"]).clone()
    return tensors


@dataclass
class Shape:
    """What the benchmark's policies have, and how they differ."""

    numbers: int = 38
    inputs: int = 3
    cameras: int = 0
    steps: int = 8
    actions: int = 7
    transformer: bool = False
    flow: bool = True
    batch: int = 64
    values: int = 0  # of the condition, one-hot
    width: int = 256
    noise_steps: int = 100
    sampler_steps: int = 10
    features: list[str] = field(default_factory=lambda: ["observation.state", "observation.object", "observation.goal"])
    camera_names: list[str] = field(default_factory=list)


def shape_of(name: str, told: bool) -> Shape:
    shape = Shape(values=2 if told else 0)
    if name == "image":
        shape.cameras, shape.batch = 2, 32
        shape.camera_names = ["observation.images.front", "observation.images.wrist"]
    if name == "transformer":
        shape.transformer, shape.steps = True, 16
        shape.features[2] = "observation.tactile"
    if name == "diffusion":
        shape.flow = False
    return shape


class Mlp(nn.ModuleDict):
    def __init__(self, sizes: list[int]):
        super().__init__({str(i): nn.Linear(a, b) for i, (a, b) in enumerate(pairwise(sizes))})

    def forward(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.values()):
            x = layer(F.silu(x) if i else x)
        return x


class Attention(nn.Module):
    def __init__(self, width: int, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        rows, tokens, width = x.shape
        q, k, v = self.qkv(x).view(rows, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, tokens, width))


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(F.gelu(self.first(x), approximate="tanh"))


class EncoderBlock(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.attention_norm, self.attention = nn.LayerNorm(width), Attention(width)
        self.forward_norm, self.forward_ = nn.LayerNorm(width), FeedForward(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x))
        return x + self.forward_(self.forward_norm(x))


class Encoder(nn.Module):
    def __init__(self, tokens: int, width: int, layers: int):
        super().__init__()
        self.places = nn.Parameter(torch.zeros(tokens, width))
        self.blocks = nn.ModuleList(EncoderBlock(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.places
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


def modulated(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift


class DitBlock(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.attention, self.forward_ = Attention(width), FeedForward(width)

    def forward(self, x: Tensor, part: tuple[Tensor, ...]) -> Tensor:
        x = x + part[2] * self.attention(modulated(x, part[0], part[1]))
        return x + part[5] * self.forward_(modulated(x, part[3], part[4]))


class DitHead(nn.Module):
    def __init__(self, shape: Shape, latent: int, time: int, layers: int):
        super().__init__()
        width = shape.width
        self.latent, self.time = nn.Linear(latent, width), Mlp([time, width, width])
        self.tokens = nn.Linear(shape.actions, width)
        self.places = nn.Parameter(torch.zeros(shape.steps, width))
        self.modulation = nn.Linear(width, (6 * layers + 2) * width)
        self.blocks = nn.ModuleList(DitBlock(width) for _ in range(layers))
        self.out = nn.Linear(width, shape.actions)

    def forward(self, latent: Tensor, noised: Tensor, time: Tensor) -> Tensor:
        condition = F.silu(self.latent(latent) + self.time(time))
        parts = self.modulation(condition).unsqueeze(1).chunk(6 * len(self.blocks) + 2, 2)
        x = self.tokens(noised) + self.places
        for i, block in enumerate(self.blocks):
            x = block(x, parts[6 * i : 6 * i + 6])
        return self.out(modulated(x, parts[-2], parts[-1]))


class MlpHead(nn.Module):
    def __init__(self, shape: Shape, latent: int, time: int, layers: int):
        super().__init__()
        chunk = shape.steps * shape.actions
        self.first = nn.Linear(latent + time + chunk, shape.width)
        self.hidden = nn.ModuleList(nn.Linear(shape.width, shape.width) for _ in range(layers - 1))
        self.last = nn.Linear(shape.width, chunk)

    def forward(self, latent: Tensor, noised: Tensor, time: Tensor) -> Tensor:
        x = F.silu(self.first(torch.cat([latent, time, noised.flatten(1)], 1)))
        for layer in self.hidden:
            x = x + F.silu(layer(x))
        return self.last(x).view_as(noised)


class ConvLayer(nn.Module):
    def __init__(self, inputs: int, outputs: int, size: int, step: int):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, size, size))
        self.gain, self.shift = nn.Parameter(torch.ones(outputs)), nn.Parameter(torch.zeros(outputs))
        self.step, self.padding = step, (size - step + 1) // 2

    def forward(self, x: Tensor) -> Tensor:
        x = F.conv2d(x, self.weight, None, self.step, self.padding)
        return F.silu(F.group_norm(x, 8, self.gain, self.shift))


class Camera(nn.Module):
    def __init__(self, width: int, channels: int = 32):
        super().__init__()
        self.missing = nn.Parameter(torch.zeros(width))
        self.sharpness = nn.Parameter(torch.ones(2 * channels))
        self.out = nn.Linear(6 * channels, width)
        self.layers = nn.ModuleDict(
            {
                "0": ConvLayer(3, channels, 8, 4),
                "1": ConvLayer(channels, 2 * channels, 4, 2),
                "2": ConvLayer(2 * channels, 2 * channels, 3, 1),
            }
        )
        side = 9  # of the last map
        line = torch.linspace(-1, 1, side)
        self.register_buffer("places", torch.stack([line.repeat(side), line.repeat_interleave(side)], 1), False)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers.values():
            x = layer(x)
        strength = x.permute(0, 2, 3, 1).flatten(1, 2)
        share = torch.softmax(strength * self.sharpness, 1)
        return self.out(torch.cat([(share.transpose(1, 2) @ self.places).flatten(1), strength.mean(1)], 1))


class Policy(nn.Module):
    """Stems, trunk, head, and the noise process."""

    def __init__(self, shape: Shape, time: int = 32):
        super().__init__()
        self.shape, width = shape, shape.width
        self.touch = shape.transformer
        if self.touch:
            self.state_stem, self.touch_stem = nn.Linear(30 + 2, width), nn.Linear(8 + 1, width)
        else:
            self.state_stem = nn.Linear(shape.numbers + shape.inputs, width)
        self.cameras = nn.ModuleList(Camera(width) for _ in range(shape.cameras))
        tokens = 1 + self.touch + shape.cameras
        self.trunk = Encoder(tokens, width, 4) if shape.transformer else Mlp([tokens * width, width, width])
        head = DitHead if shape.transformer else MlpHead
        self.head = head(shape, width + shape.values, time, 4 if shape.transformer else 3)
        frequencies = torch.exp(torch.linspace(0, 1, time // 2) * math.log(1000))
        angles = (torch.arange(shape.noise_steps + 1) / shape.noise_steps).unsqueeze(1) * frequencies
        self.register_buffer("time_features", torch.cat([angles.sin(), angles.cos()], 1), False)
        share = torch.arange(shape.noise_steps + 1) / shape.noise_steps
        if shape.flow:
            alpha, sigma = 1 - share, share
        else:
            f = torch.cos((share + 0.008) / 1.008 * math.pi / 2) ** 2
            signal = (f / f[0]).clamp(min=1e-4)
            alpha, sigma = signal.sqrt(), (1 - signal).sqrt()
        self.register_buffer("alpha", alpha, False)
        self.register_buffer("sigma", sigma, False)

    def load(self, weights: dict[str, Tensor]) -> None:
        """Heddle's names: policy.stems.camera.0.0.weight and so on."""
        own = {}
        for name, value in weights.items():
            name = name.removeprefix("policy.")
            name = name.replace("stems.state.", "state_stem.").replace("stems.touch.", "touch_stem.")
            if name.startswith("stems.camera."):
                place, rest = name.removeprefix("stems.camera.").split(".", 1)
                name = f"cameras.{place}.{'layers.' if rest[0].isdigit() else ''}{rest}"
            own[name.replace(".forward.", ".forward_.")] = value
        self.load_state_dict(own)

    def encode(self, numbers: Tensor, pictures: list[Tensor]) -> Tensor:
        if self.touch:
            state, touch = numbers.index_select(1, self.of_state), numbers.index_select(1, self.of_touch)
            tokens = [F.silu(self.state_stem(state)), F.silu(self.touch_stem(touch))]
        else:
            tokens = [F.silu(self.state_stem(numbers))]
        tokens += [camera(picture) for camera, picture in zip(self.cameras, pictures, strict=True)]
        x = torch.stack(tokens, 1)
        z = self.trunk(x).mean(1) if self.shape.transformer else self.trunk(x.flatten(1))
        return F.layer_norm(z, z.shape[-1:])

    # Columns of the numbers, behind which stands a flag of each input.
    of_state = torch.tensor([*range(30), 38, 39])
    of_touch = torch.tensor([*range(30, 38), 40])

    def loss(
        self, numbers: Tensor, pictures: list[Tensor], noised: Tensor, wanted: Tensor, level: Tensor, weight: Tensor
    ) -> Tensor:
        said = self.head(self.encode(numbers, pictures), noised, self.time_features[level])
        error = said - wanted
        return (error * error * weight).sum((1, 2)).mean()
