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
ROWS = ROOT / "results" / "toy_sensitivity.jsonl"
SHOWN = ROOT / "heddle" / "toy" / "sensitivity.json"

Grid = list[list[float]]


def shares_of(log_loss: Grid) -> dict[str, float]:
    """Shares of the sum of squares of rows (Δz), columns (w) and the rest, of one seed or of means over seeds."""
    rows, columns = len(log_loss), len(log_loss[0])
    mean = sum(map(sum, log_loss)) / (rows * columns)
    row_means = [sum(row) / columns for row in log_loss]
    column_means = [sum(row[j] for row in log_loss) / rows for j in range(columns)]
    total = sum((x - mean) ** 2 for row in log_loss for x in row)
    by_row = columns * sum((m - mean) ** 2 for m in row_means) / total
    by_column = rows * sum((m - mean) ** 2 for m in column_means) / total
    return {"delta_z": by_row, "w": by_column, "interaction": 1 - by_row - by_column}


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
        "version": run["version"],
        "log_ood": [[round(x, 4) for x in row] for row in grid_of(run, "ood")],
        "log_whole": [[round(x, 4) for x in row] for row in grid_of(run, "whole")],
    }


def mean_grid(rows: list[dict], key: str) -> Grid:
    first = rows[0][key]
    return [[sum(row[key][i][j] for row in rows) / len(rows) for j in range(len(first[0]))] for i in range(len(first))]


def extreme(grid: Grid, delta_z: list[float], w: list[float], best: bool) -> list[float]:
    cells = ((grid[i][j], i, j) for i in range(len(grid)) for j in range(len(grid[0])))
    _, i, j = min(cells) if best else max(cells)
    return [delta_z[i], w[j]]


def shown(plan: dict, rows: list[dict], grid: dict) -> dict:
    """What toy.json carries: shares of the mean over seeds for each variant, and which is farthest off the baseline."""
    variants = []
    for variant in plan["variants"]:
        own = [row for row in rows if row["variant"] == variant["name"]]
        if not own:
            continue
        whole = mean_grid(own, "log_whole")
        variants.append(
            {
                "name": variant["name"],
                "what": variant["what"],
                "seeds": len(own),
                "shares": {k: round(v, 3) for k, v in shares_of(mean_grid(own, "log_ood")).items()},
                "best": extreme(whole, grid["delta_z"], grid["w"], best=True),
                "worst": extreme(whole, grid["delta_z"], grid["w"], best=False),
            }
        )
    baseline, others = variants[0], variants[1:]

    def distance(variant: dict) -> float:
        return sum(abs(variant["shares"][k] - baseline["shares"][k]) for k in baseline["shares"])

    most = max(others, key=distance)
    return {"baseline": baseline, "variants": others, "moves_most": most["name"]}


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
    paper_grid = {
        "delta_z": [0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 50],
        "w": [0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99],
    }
    if len({row["variant"] for row in rows}) > 1:
        SHOWN.write_text(json.dumps(shown(plan, rows, paper_grid), indent=1, ensure_ascii=False) + "\n")


main()
