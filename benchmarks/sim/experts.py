#!/usr/bin/env python3
"""How often the experts of nut_assembly succeed, by strategy, gap and nuts, one row of results/sim_experts.jsonl each.

    benchmarks/sim/experts.py [--binary PATH] [--jobs N] [--again]

200 resets without a gap, 100 under each other one. Rows that are there are kept, so that it goes on where it was
stopped; --again makes them all anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

ROWS = ROOT / "results/sim_experts.jsonl"
STRATEGIES = ["safe-handle", "fast-handle", "safe-rim", "fast-rim"]
JOINED = ["none", "physics", "embodiment", "embodiment+physics"]
AXES = [f"physics.{axis}" for axis in ("mass", "friction", "size", "damping", "controller", "delay", "gripper")]
CELLS = [(gap, nuts) for gap in JOINED for nuts in ("square", "round")] + [("none", "both")]
CELLS += [(gap, nuts) for nuts in ("square", "round") for gap in AXES]


def key(row: dict) -> tuple[str, str, str]:
    return row["gap"], row["nuts"], row["strategy"]


def run_cell(binary: Path, gap: str, nuts: str, strategy: str) -> dict:
    episodes = 200 if gap == "none" else 100
    command = [str(binary), strategy, gap, nuts, str(episodes)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def write(rows: dict[tuple, dict]) -> None:
    """In the order of the cells, whatever the order in which they were made."""
    wanted = [(gap, nuts, strategy) for gap, nuts in CELLS for strategy in STRATEGIES]
    ROWS.write_text("".join(json.dumps(rows[cell]) + "\n" for cell in wanted if cell in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/benchmarks/sim/sim_experts")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--again", action="store_true")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        sys.exit(f"experts.py: {arguments.binary} is not there: build the release preset first (make build)")
    there = not arguments.again and ROWS.is_file()
    rows = {key(row): row for row in map(json.loads, ROWS.read_text().splitlines())} if there else {}

    def make(cell: tuple[str, str, str]) -> None:
        rows[cell] = run_cell(arguments.binary, *cell) | origin("benchmarks/sim/experts.py")
        print(json.dumps(rows[cell]), flush=True)
        write(dict(rows))

    cells = [(gap, nuts, strategy) for gap, nuts in CELLS for strategy in STRATEGIES]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(make, [cell for cell in cells if cell not in rows]))


main()
