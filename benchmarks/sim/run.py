#!/usr/bin/env python3
"""The simulated world against robosuite's, side by side.

    benchmarks/sim/run.py [--rounds N] [--seconds S] [--peer PYTHON] [--write]

Each round measures, one after the other: robosuite's NutAssemblySquare and ours with one nut and with both, without
cameras; both with two cameras of 84 x 84 in software; ours on one thread and on two. A ratio is that of a round; the
row has the median of the rounds and their spread. --write puts it into results/sim_speed.jsonl.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

sys.path.insert(0, str(ROOT / "tools"))
import peers  # noqa: E402

Row = dict[str, float]


def output(*command: object) -> Row:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"run.py: {' '.join(map(str, command))}: {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def one_round(ours: Path, peer: Path, seconds: float) -> Row:
    def mine(nuts: str, cameras: int, threads: int) -> Row:
        return output(ours, nuts, cameras, threads, seconds)

    theirs = output(peer, HERE / "peer.py", 0, seconds)
    square, both = mine("square", 0, 1), mine("both", 0, 1)
    theirs_seeing = output(peer, HERE / "peer.py", 2, seconds)
    seeing = mine("square", 2, 1)
    two, two_seeing = mine("square", 0, 2), mine("square", 2, 2)
    rate = "steps_per_s"
    return {
        "robosuite": theirs[rate],
        "robosuite_physics_alone": theirs["physics_alone_steps_per_s"],
        "robosuite_cameras": theirs_seeing[rate],
        "square": square[rate],
        "both": both[rate],
        "cameras": seeing[rate],
        "threads_2": two[rate],
        "cameras_threads_2": two_seeing[rate],
        "physics_ms": seeing["physics_ms_per_step"],
        "render_ms": seeing["render_ms_per_step"],
        "ratio_square": square[rate] / theirs[rate],
        "ratio_both": both[rate] / theirs[rate],
        "ratio_physics": square[rate] / theirs["physics_alone_steps_per_s"],
        "ratio_cameras": seeing[rate] / theirs_seeing[rate],
        "efficiency_2": two[rate] / (2 * square[rate]),
        "efficiency_2_cameras": two_seeing[rate] / (2 * seeing[rate]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--peer", type=Path, default=peers.interpreter("robosuite"))
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/benchmarks/sim/sim_speed")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    for path, mend in ((arguments.binary, "make build"), (arguments.peer, "ctest -R robosuite_peer makes it")):
        if not path.is_file():
            sys.exit(f"run.py: {path} is not there: {mend}")
    rounds = [one_round(arguments.binary, arguments.peer, arguments.seconds) for _ in range(arguments.rounds)]
    row: dict[str, object] = {"rounds": arguments.rounds, "seconds": arguments.seconds}
    for key in rounds[0]:
        values = [each[key] for each in rounds]
        row[key] = [round(value, 4) for value in (statistics.median(values), min(values), max(values))]
        print(f"{key:26} {statistics.median(values):9.3f}   {min(values):9.3f} .. {max(values):9.3f}")
    if arguments.write:
        text = json.dumps(row | origin("benchmarks/sim/run.py --write")) + "\n"
        (ROOT / "results/sim_speed.jsonl").write_text(text)


main()
