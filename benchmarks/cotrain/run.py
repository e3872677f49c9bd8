#!/usr/bin/env python3
"""What co-training brings in closed loop: the trials of plan.yaml.

    benchmarks/cotrain/run.py [--binary PATH] [--most N] [--jobs N] [--work DIR] [--only GROUP]

Records the two datasets if they are not there, runs the trials that results/cotrain.jsonl lacks (at most N, in the
plan's order, `jobs` side by side with a thread each), and appends a row for each. A trial is one training run and its
episodes; stopped in the middle, it goes on. --evidence DIR runs nothing, and writes the rows of evidence of all trials
there, for `heddle compare`.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PLAN = Path(__file__).with_name("plan.yaml")
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

ROWS = ROOT / "results" / "cotrain.jsonl"
SHEET = """target: robot
use: research
sources:
  - {name: robot, dataset: robot, kind: robot, embodiment: panda, license: own, action_representation: ee_delta}
  - {name: sim, dataset: sim, kind: simulation, embodiment: panda, license: own, action_representation: ee_delta}
"""


def record(binary: Path, work: Path, plan: dict) -> None:
    for name, gap, what in (("robot", plan["gap"], plan["target"]), ("sim", "none", plan["surrogate"])):
        command = [
            binary,
            "sim",
            "record",
            plan["task"],
            "--gap",
            gap,
            "--demos",
            what["demos"],
            "--seed",
            what["seed"],
        ]
        command += ["--domain", name, "--no-cameras", "--out", work / name]
        subprocess.run(
            [str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    (work / "mixture.yaml").write_text(SHEET)


def balanced(binary: Path, work: Path) -> dict[str, float]:
    """The ends of the guideline's range, and what `auto` takes."""
    said, _ = quietly([binary, "mix", "suggest", work / "mixture.yaml", "--json"])
    suggested = json.loads(said)
    return {end: suggested[end]["w"] for end in ("low", "high")}


def trials_of(plan: dict, only: str | None) -> list[dict]:
    """In the plan's order: the first group with all its seeds, then each seed through all other groups."""
    first, *others = [(name, what) for name, what in plan["groups"].items() if only in (None, name)]
    seeds = sorted({seed for _, what in others for seed in what["seeds"]})
    order = [(*first, seed) for seed in first[1]["seeds"]]
    order += [(name, what, seed) for seed in seeds for name, what in others if seed in what["seeds"]]
    return [{"group": name, "seed": seed, "set": [], **trial} for name, what, seed in order for trial in what["trials"]]


def key_of(trial: dict) -> tuple:
    return (trial["method"], str(trial["w"]), tuple(trial["set"]), trial["seed"])


def run_trial(binary: Path, work: Path, plan: dict, trial: dict, ends: dict[str, float]) -> dict:
    w = ends.get(trial["w"], trial["w"])
    name = f"{trial['method']}-w{trial['w']}" + "".join(
        f"-{s.split('=')[0].split('.')[1]}{s.split('=')[1]}" for s in trial["set"]
    )
    run = work / "runs" / f"{name}-{trial['seed']}"
    settings = [*plan["settings"], f"w={w}", f"seed={trial['seed']}", *trial["set"]]
    command = [
        binary,
        "train",
        work / "mixture.yaml",
        "--method",
        trial["method"],
        "--threads",
        1,
        "--out",
        run,
        "--json",
    ]
    for setting in settings:
        command += ["--set", setting]
    said, cpu_s = quietly(command)
    trained = json.loads(said)
    command = [binary, "eval", run, plan["task"], "--gap", plan["gap"], "--episodes", plan["episodes"]]
    quietly([*command, "--threads", 1, "--out", run, "--json"])
    evidence = [json.loads(line) for line in (run / "evidence.jsonl").read_text().splitlines()]
    outcomes = [row["outcome"] for row in sorted(evidence, key=lambda row: row["outcome"]["episode_seed"])]
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    holdout = [row for row in metrics if row["kind"] == "holdout"][-1]
    policy = {**evidence[0]["policy"], "name": name}
    return {
        **{key: trial[key] for key in ("group", "method", "w", "set", "seed")},
        "share": policy["training"]["w"],
        "train_cpu_s": round(cpu_s, 1) if trained["first_step"] == 0 else None,
        "success": sum(o["success_end"] for o in outcomes),
        "episodes": len(outcomes),
        "holdout": {k: round(v, 5) for k, v in holdout.items() if k not in ("kind", "step") and v is not None},
        "setup": evidence[0]["setup"],
        "policy": policy,
        "outcomes": {
            "first_seed": outcomes[0]["episode_seed"],
            "success_any": "".join(str(int(o["success_any"])) for o in outcomes),
            "success_end": "".join(str(int(o["success_end"])) for o in outcomes),
            "failure": [o["failure"] for o in outcomes],
            "steps": [o["steps"] for o in outcomes],
        },
        **origin("benchmarks/cotrain/run.py"),
    }


def quietly(command: list) -> tuple[str, float]:
    """What a command printed, and the seconds of processor time that it took."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        out.seek(0), err.seek(0)
        if status != 0:
            raise SystemExit(f"{' '.join(map(str, command))}\n{out.read()}{err.read()}")
        return out.read(), used.ru_utime + used.ru_stime


def evidence_of(row: dict) -> list[dict]:
    """The rows of evidence that a trial's row stands for."""
    told = row["outcomes"]
    rows = []
    for i, (any_, end, failure, steps) in enumerate(
        zip(told["success_any"], told["success_end"], told["failure"], told["steps"], strict=True)
    ):
        outcome = {"success_any": any_ == "1", "success_end": end == "1", "episode_seed": told["first_seed"] + i}
        outcome |= {"failure": failure, "steps": steps}
        rows.append({"schema": 1, "setup": row["setup"], "policy": row["policy"], "outcome": outcome})
    return rows


def write_evidence(folder: Path) -> None:
    for row in map(json.loads, ROWS.read_text().splitlines()):
        path = folder / f"{row['policy']['name']}-{row['seed']}" / "evidence.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in evidence_of(row)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/apps/heddle/heddle")
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "cotrain")
    parser.add_argument("--only")
    parser.add_argument("--evidence", type=Path)
    arguments = parser.parse_args()
    if arguments.evidence:
        write_evidence(arguments.evidence)
        return
    plan = yaml.safe_load(PLAN.read_text())
    arguments.work.mkdir(parents=True, exist_ok=True)
    record(arguments.binary, arguments.work, plan)
    have = {key_of(json.loads(line)) for line in ROWS.read_text().splitlines()} if ROWS.is_file() else set()
    trials = [trial for trial in trials_of(plan, arguments.only) if key_of(trial) not in have][: arguments.most]
    named = any(trial["w"] in ("low", "high") for trial in trials)
    ends = balanced(arguments.binary, arguments.work) if named else {}
    writing = threading.Lock()

    def one(trial: dict) -> None:
        row = run_trial(arguments.binary, arguments.work, plan, trial, ends)
        with writing, ROWS.open("a") as file:
            file.write(json.dumps(row) + "\n")
            print(
                f"{trial['method']} w {row['share']:.4f} seed {trial['seed']}: {row['success']}/{row['episodes']}",
                flush=True,
            )

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for done in [pool.submit(one, trial) for trial in trials]:
            done.result()


if __name__ == "__main__":
    main()
