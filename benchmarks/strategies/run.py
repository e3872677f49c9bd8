#!/usr/bin/env python3
"""Two strategies in one dataset: what a policy does that is told which, and one that is not.

    benchmarks/strategies/run.py [--binary PATH] [--work DIR] [--threads N]

Records nut_assembly by a fast and a safe expert in turn, trains the same net with the strategy as a condition and
without, and evaluates: told each strategy (also with guidance 1), told neither, and never told. How an episode was
acted is read from its pace: the mean speed at which its actions ask the hand to move, beside the experts' own and that
of the same episode under another label. Each evaluation leaves a row in results/strategies.jsonl; what is there is not
run again, and what was stopped goes on.
"""

from __future__ import annotations

import argparse
import array
import json
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "results"), str(ROOT / "benchmarks" / "cotrain")]
from origin import origin  # noqa: E402
from run import quietly  # noqa: E402

ROWS = ROOT / "results" / "strategies.jsonl"
TASK = "nut_assembly"
STRATEGIES = ("fast-handle", "safe-handle")
DEMOS, EPISODES = 400, 100
FIRST_FRAMES = 80  # of an episode, in which its pace is measured: the hand reaches and nothing is held yet
SETTINGS = (
    "steps=40000",
    "batch_size=64",
    "optimiser.learning_rate=0.002",
    "policy.head.path=flow",
    "data.action_steps=8",
    "data.execute=8",
    "log.validate_every=20000",
    "log.checkpoint_every=40000",
)
SHEET = """target: sim
use: research
sources:
  - name: sim
    dataset: sim
    kind: simulation
    embodiment: panda
    license: own
    action_representation: ee_delta
    labels:
      strategy: {from: strategy}
"""
# What is said of it: the run, and what it is told when it acts.
EVALUATIONS = (
    ("told fast", "labelled", ["--act-as", "strategy=fast-handle"]),
    ("told safe", "labelled", ["--act-as", "strategy=safe-handle"]),
    ("told neither", "labelled", ["--act-as", "strategy="]),
    ("never told", "unlabelled", []),
    ("told fast, guidance 1", "labelled", ["--act-as", "strategy=fast-handle", "--guidance", "1"]),
    ("told safe, guidance 1", "labelled", ["--act-as", "strategy=safe-handle", "--guidance", "1"]),
)


def record(binary: Path, work: Path) -> None:
    strategies = [part for strategy in STRATEGIES for part in ("--strategy", strategy)]
    command = [binary, "sim", "record", TASK, *strategies, "--demos", DEMOS, "--domain", "sim", "--no-cameras"]
    quietly([*command, "--out", work / "sim"])
    (work / "mixture.yaml").write_text(SHEET)


def train(binary: Path, work: Path, run: str, threads: int) -> None:
    method = ["cfg", "--set", "discern.condition.keys=[strategy]", "--set", "guidance=0"]
    command = [binary, "train", work / "mixture.yaml", "--threads", threads, "--out", work / run, "--json"]
    command += ["--method", *(method if run == "labelled" else ["mix"])]
    for setting in SETTINGS:
        command += ["--set", setting]
    quietly(command)


def pace(actions: list[list[float]]) -> float:
    """How fast the hand is asked to move, as a share of what it can: the mean over the first frames."""
    return statistics.fmean(sum(x * x for x in action[:3]) ** 0.5 for action in actions[:FIRST_FRAMES])


def paces_of_demonstrations(work: Path) -> dict[str, list[float]]:
    """By strategy."""
    import pyarrow.parquet as parquet

    labels = parquet.read_table(work / "sim/meta/heddle/labels.parquet").to_pylist()
    strategy_of = {row["episode"]: row["value"] for row in labels if row["key"] == "strategy"}
    actions: dict[int, list[list[float]]] = {}
    for file in sorted((work / "sim/data").glob("*/*.parquet")):
        table = parquet.read_table(file, columns=["episode_index", "action"])
        for episode, action in zip(table["episode_index"].to_pylist(), table["action"].to_pylist(), strict=True):
            actions.setdefault(episode, []).append(action)
    paces: dict[str, list[float]] = {strategy: [] for strategy in STRATEGIES}
    for episode, rows in actions.items():
        paces[strategy_of[episode]].append(pace(rows))
    return paces


def paces_of_episodes(evidence: Path, checkpoint: Path) -> dict[int, float]:
    """By episode seed, from the chunks that its decisions left."""
    scale, centre = (floats_of(checkpoint / "stats.safetensors", f"actions.{what}") for what in ("scale", "centre"))
    paces = {}
    for file in evidence.glob("latents/*/*.safetensors"):
        numbers = floats_of(file, "action")
        size = len(scale)
        rows = [numbers[i : i + size] for i in range(0, len(numbers), size)]
        paces[int(file.stem)] = pace(
            [[x * s + c for x, s, c in zip(row, scale, centre, strict=True)] for row in rows[:FIRST_FRAMES]]
        )
    return paces


def floats_of(file: Path, name: str) -> list[float]:
    """A float32 tensor of a safetensors file."""
    content = file.read_bytes()
    begin = 8 + int.from_bytes(content[:8], "little")
    tensor = json.loads(content[8:begin])[name]
    if tensor["dtype"] != "F32":
        raise SystemExit(f"{file}: {name} is {tensor['dtype']}, not F32")
    first, last = tensor["data_offsets"]
    return array.array("f", content[begin + first : begin + last]).tolist()


def evaluate(binary: Path, work: Path, what: str, run: str, told: list[str], threads: int) -> dict:
    out = work / what.replace(",", "").replace(" ", "-")
    command = [binary, "eval", work / run, TASK, "--episodes", EPISODES, "--threads", threads, "--out", out, *told]
    quietly(command)
    rows = [json.loads(line)["outcome"] for line in (out / "evidence.jsonl").read_text().splitlines()]
    paces = paces_of_episodes(out, work / run / "checkpoints" / "latest")
    return {
        "success": sum(row["success_end"] for row in rows),
        "episodes": len(rows),
        "steps_of_successes": sorted(row["steps"] for row in rows if row["success_end"]),
        "paces": [round(paces[row["episode_seed"]], 4) for row in sorted(rows, key=lambda row: row["episode_seed"])],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/apps/heddle/heddle")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "strategies")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    have = {json.loads(line)["what"] for line in ROWS.read_text().splitlines()} if ROWS.is_file() else set()
    record(arguments.binary, arguments.work)
    demonstrated = paces_of_demonstrations(arguments.work)
    said = [
        ({"what": f"demonstrated {strategy}", "episodes": len(paces), "success": len(paces)} | {"paces": paces})
        for strategy, paces in demonstrated.items()
    ]
    for row in said:
        row["paces"] = [round(each, 4) for each in row["paces"]]
    for what, run, told in EVALUATIONS:
        if what not in have:
            train(arguments.binary, arguments.work, run, arguments.threads)
            said.append({"what": what} | evaluate(arguments.binary, arguments.work, what, run, told, arguments.threads))
    with ROWS.open("a") as file:
        for row in said:
            if row["what"] not in have:
                file.write(json.dumps(row | {**origin("benchmarks/strategies/run.py")}) + "\n")


if __name__ == "__main__":
    main()
