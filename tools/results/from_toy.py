#!/usr/bin/env python3
"""Turns a run of the toy model into rows of results/: from_toy.py TOY_JSON --command "heddle toy ..."

Writes toy_anova.jsonl, toy_findings.jsonl, toy_best_w.jsonl and toy_match.jsonl, each anew. To be run on the machine
of the run: the rows say which.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from origin import ROOT, origin

Row = dict[str, Any]


def anova_rows(toy: Row) -> list[Row]:
    """One row a measure and effect, with the paper's share where it has one."""
    return [
        {"measure": anova["measure"], **effect, "paper": toy["paper"]["anova"].get(effect["name"])}
        for anova in toy["anova"]
        for effect in anova["effects"]
    ]


def match_rows(toy: Row) -> list[Row]:
    """One row a regime and signal level."""
    match = toy["net_vs_optimum"]
    return [
        {"regime": regime["name"], "delta_z": regime["delta_z"], "w": regime["w"], "signal": signal, "error": error}
        for regime in match["regimes"]
        for signal, error in zip(match["signal"], regime["error"], strict=True)
    ]


FILES = {
    "toy_anova.jsonl": anova_rows,
    "toy_findings.jsonl": lambda toy: toy["findings"],
    "toy_best_w.jsonl": lambda toy: toy["best_w"],
    "toy_match.jsonl": match_rows,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("toy_json", type=Path)
    parser.add_argument("--command", required=True, help="what made it, as typed in the root of the checkout")
    arguments = parser.parse_args()
    toy = json.loads(arguments.toy_json.read_text())
    if toy["partial"]:
        print(f"from_toy: {arguments.toy_json} is of a run that was stopped", file=sys.stderr)
        return 1
    made_by = origin(arguments.command)
    (ROOT / "results").mkdir(exist_ok=True)
    for name, rows_of in FILES.items():
        rows = rows_of(toy)
        text = "".join(json.dumps({**row, **made_by}, ensure_ascii=False) + "\n" for row in rows)
        (ROOT / "results" / name).write_text(text)
        print(f"results/{name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
