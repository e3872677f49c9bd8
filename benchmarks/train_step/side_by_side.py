"""Programs that answer lines, measured in turn: what the machine does besides then slows all of them alike."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

Row = dict[str, object]


class Program:
    """One that says when it is ready, and answers each line with a line of JSON."""

    def __init__(self, *command: object):
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        self.command = " ".join(str(word) for word in command)
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.read()

    def read(self) -> Row:
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"run.py: {self.command} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, *words: object) -> Row:
        self.process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def best_threads(program: Program, *question: object) -> int:
    """Of 1 and 2, by three short turns of each; the question is what, and the rest behind the number of threads."""

    def seconds(threads: int) -> float:
        return min(program.ask(question[0], threads, *question[1:])["seconds"] for _ in range(3))

    return min((1, 2), key=seconds)


def with_spread(values: list[float]) -> list[float]:
    """Median, and the quarter of the values below and above."""
    quarters = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return [float(f"{value:.5g}") for value in (statistics.median(values), quarters[0], quarters[2])]


def with_interval(values: list[float]) -> list[float]:
    """Median, and its interval of 95 %, by drawing rounds again."""
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(2000))
    return [float(f"{value:.4g}") for value in (statistics.median(values), medians[50], medians[1949])]


def close(ours: list[float], theirs: list[float], within: float) -> bool:
    return all(abs(a - b) <= within * max(abs(a), abs(b)) for a, b in zip(ours, theirs, strict=True))


def require(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            sys.exit(f"run.py: {path} is not there: make build")
