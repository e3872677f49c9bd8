"""An annotated and sealed dataset gives the real LeRobot the same values as before.

    annotated_peer.py HEDDLE SAMPLE_FOLDER...

runs with LeRobot's interpreter (tools/peers.py lerobot).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from lerobot.datasets.lerobot_dataset import LeRobotDataset


def items(root: Path) -> list[dict]:
    dataset = LeRobotDataset("test/annotated", root=root)
    return [dataset[i] for i in range(len(dataset))]


def require_equal(before: list[dict], after: list[dict]) -> None:
    assert len(before) == len(after) > 0
    for index, (a, b) in enumerate(zip(before, after, strict=True)):
        assert a.keys() == b.keys(), f"frame {index}: {a.keys()} and {b.keys()}"
        for key, value in a.items():
            same = torch.equal(value, b[key]) if isinstance(value, torch.Tensor) else value == b[key]
            assert same, f"frame {index}: {key} differs"


def check(heddle: str, sample: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / sample.name
        shutil.copytree(sample, root)
        before = items(root)
        run = lambda *arguments: subprocess.run([heddle, "data", *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: E731
        run("annotate", str(root), "--set", "domain=sim")
        run("annotate", str(root), "--episode", "0", "--from", "1", "--to", "5", "--set", "light=dim")
        run("seal", str(root))
        require_equal(before, items(root))
        run("seal", str(root), "--verify")
    print(f"{sample.name}: {len(before)} frames equal")


if __name__ == "__main__":
    for sample in sys.argv[2:]:
        check(sys.argv[1], Path(sample))
