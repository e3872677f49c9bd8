#!/usr/bin/env python3
"""The statistics of `heddle compare` where the truth is known: coverage, sizes, stopping times.

    benchmarks/compare_truth/run.py [--runs N] [--binary PATH] [--write]

Runs build/release/benchmarks/compare_truth/compare_truth; --write puts its rows into results/compare_truth.jsonl. The
figures depend on neither the machine nor the number of threads: exact ones are sums over all outcomes, the simulations
have literal seeds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20000, help="of each simulation")
    binary = ROOT / "build/release/benchmarks/compare_truth/compare_truth"
    parser.add_argument("--binary", type=Path, default=binary)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        sys.exit(f"run.py: {arguments.binary} is not there: build the release preset first (make build)")
    run = subprocess.run([str(arguments.binary), str(arguments.runs)], stdout=subprocess.PIPE, text=True, check=True)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    for row in rows:
        print(json.dumps(row))
    if arguments.write:
        come_from = origin("benchmarks/compare_truth/run.py --write")
        with open(ROOT / "results/compare_truth.jsonl", "w") as file:
            file.writelines(json.dumps(row | come_from) + "\n" for row in rows)


main()
