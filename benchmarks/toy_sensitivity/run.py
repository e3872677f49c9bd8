#!/usr/bin/env python3
"""Which detail of the toy moves its analysis of variance most: one varied at a time.

    benchmarks/toy_sensitivity/run.py [--binary PATH] [--most N]

Runs the trials of plan.yaml that results/toy_sensitivity.jsonl lacks (at most N of them), appends a row for each, and
writes what the toy's page shows of them to heddle/toy/sensitivity.json.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PLAN = Path(__file__).with_name("plan.yaml")
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402
from sensitivity import Grid, study  # noqa: E402

ROWS = ROOT / "results" / "toy_sensitivity.jsonl"
SHOWN = ROOT / "heddle" / "toy" / "sensitivity.json"


def grid_of(run: dict, measure: str) -> Grid:
    size = len(run["grid"]["w"])
    grid = [[0.0] * size for _ in run["grid"]["delta_z"]]
    for cell in run["cells"]:
        grid[cell["i"]][cell["j"]] = math.log(cell["loss"][measure][0])
    return grid


def run_trial(binary: Path, variant: dict, seed: int) -> dict:
    with tempfile.TemporaryDirectory() as out:
        sets = [f"--set=toy.{key}={value}" for key, value in variant["set"].items()]
        # The comparison with the optimum is not looked at here: as short as it can be.
        command = [str(binary), "toy", "--out", out, f"--seed={seed}", "--seeds=1", "--set=toy.match_steps=1", *sets]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        run = json.loads((Path(out) / "toy.json").read_text())
    return {
        "variant": variant["name"],
        "seed": seed,
        "what": variant["what"],
        "log_ood": [[round(x, 4) for x in row] for row in grid_of(run, "ood")],
        "log_whole": [[round(x, 4) for x in row] for row in grid_of(run, "whole")],
        **origin("benchmarks/toy_sensitivity/run.py"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/apps/heddle/heddle")
    parser.add_argument("--most", type=int, default=10**6)
    arguments = parser.parse_args()
    plan = yaml.safe_load(PLAN.read_text())
    rows = [json.loads(line) for line in ROWS.read_text().splitlines()] if ROWS.is_file() else []
    have = {(row["variant"], row["seed"]) for row in rows}
    trials = [(v, s) for s in plan["seeds"] for v in plan["variants"] if (v["name"], s) not in have]
    for variant, seed in trials[: arguments.most]:
        print(f"{variant['name']}, seed {seed}", file=sys.stderr, flush=True)
        row = run_trial(arguments.binary, variant, seed)
        rows.append(row)
        ROWS.parent.mkdir(exist_ok=True)
        with ROWS.open("a") as file:
            file.write(json.dumps(row) + "\n")
    if len({row["variant"] for row in rows}) > 1:
        SHOWN.write_text(json.dumps(study(rows), indent=1, ensure_ascii=False) + "\n")


main()
