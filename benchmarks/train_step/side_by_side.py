"""Programs that answer lines, measured in turn: what the machine does besides then slows all of them alike."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

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


def run(
    script: str,
    doc: str,
    policies: tuple[str, ...],
    measure: Callable[[str, argparse.Namespace], Row],
    sentence: Callable[[Row], str],
    seconds: float,
) -> None:
    """A benchmark's command line: measures each policy, says so in a sentence, and writes results/<folder>.jsonl."""
    place = Path(script).resolve()
    name = place.parent.name
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=seconds, help="of each program's turn")
    parser.add_argument("--only", choices=policies, action="append")
    parser.add_argument("--peer", type=Path, default=ROOT / ".venv/bin/python")
    parser.add_argument("--binary", type=Path, default=ROOT / f"build/release/benchmarks/{name}/{name}_speed")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    for path in (arguments.binary, arguments.peer):
        if not path.is_file():
            sys.exit(f"run.py: {path} is not there: make build")
    made_by = origin(command(place, arguments)) if arguments.write else {}
    rows = []
    for policy in arguments.only or policies:
        rows.append(measure(policy, arguments) | made_by)
        print(sentence(rows[-1]), flush=True)
    if arguments.write:
        write(ROOT / f"results/{name}.jsonl", rows, policies)


def command(script: Path, arguments: argparse.Namespace) -> str:
    """What to type in the root of the checkout for the same again."""

    def inside(path: Path) -> str:
        found = os.path.relpath(os.path.abspath(path), ROOT)
        if found.startswith(".."):
            sys.exit(f"run.py: rows are written of programs in the checkout, and {path} is not there")
        return found

    words = [str(script.relative_to(ROOT)), "--rounds", arguments.rounds, "--seconds", arguments.seconds]
    for policy in arguments.only or ():
        words += ["--only", policy]
    words += ["--peer", inside(arguments.peer), "--binary", inside(arguments.binary), "--write"]
    return " ".join(str(word) for word in words)


def write(path: Path, rows: list[Row], policies: tuple[str, ...]) -> None:
    """The rows; those of policies that were not measured now stay."""
    known = [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []
    of_policy = {row["policy"]: row for row in known + rows}
    ordered = [of_policy[policy] for policy in policies if policy in of_policy]
    path.write_text("".join(json.dumps(row) + "\n" for row in ordered))
