#!/usr/bin/env python3
"""The toy's sweep against a plain PyTorch loop, side by side.

    benchmarks/toy_sweep/run.py [--rounds N] [--binary PATH] [--write]

Each round measures, one after the other: ours on all cores; the loop on 1 thread, on 2, and as two processes of one
thread (half of the nets each), with Adam as it comes and with fused=True; and the rate of one large matrix product. A
round's ratio is the loop's best arrangement over ours. --write appends a row for each width to results/toy_speed.jsonl.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

NETS = 81
ARRANGEMENTS = ("1 thread", "2 threads", "2 processes")


def result_of(process: subprocess.Popen[str]) -> dict[str, float]:
    out, _ = process.communicate()
    if process.returncode != 0:
        sys.exit(f"run.py: {process.args} failed with {process.returncode}")
    return json.loads(out)


def start(*command: object) -> subprocess.Popen[str]:
    return subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)


def loop_seconds(width: int, arrangement: str, fused: bool, steps: int) -> float:
    """Seconds a step of all nets."""
    extra = ["--fused"] if fused else []
    if arrangement == "2 processes":
        halves = [
            start(sys.executable, HERE / "loop.py", n, width, steps, 1, *extra) for n in (NETS // 2, NETS - NETS // 2)
        ]
        return max(result_of(p)["seconds_per_step"] for p in halves)
    threads = int(arrangement[0])
    return result_of(start(sys.executable, HERE / "loop.py", NETS, width, steps, threads, *extra))["seconds_per_step"]


def matrix_flops(threads: int) -> float:
    """Operations a second of one large product in single precision."""
    code = (
        "import torch, time\n"
        f"torch.set_num_threads({threads}); a = torch.randn(2048, 2048); b = torch.randn(2048, 2048); torch.mm(a, b)\n"
        "best = 1e9\n"
        "for _ in range(8):\n"
        "    t = time.perf_counter(); torch.mm(a, b); best = min(best, time.perf_counter() - t)\n"
        "print(2 * 2048**3 / best)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def one_round(binary: Path, width: int, cores: int) -> dict[str, float | str]:
    ours = result_of(start(binary, NETS, width, 250 if width == 64 else 120, cores))
    row: dict[str, float | str] = {"ours_ms": 1e3 * ours["seconds_per_step"]}
    for name, fused in (("loop", False), ("fused", True)):
        times = {a: loop_seconds(width, a, fused, steps=12) for a in ARRANGEMENTS}
        best = min(times, key=times.__getitem__)
        row |= {f"{name}_{a.replace(' ', '_')}_ms": 1e3 * t for a, t in times.items()}
        row |= {f"{name}_best": best, f"{name}_ratio": times[best] / ours["seconds_per_step"]}
    rate = matrix_flops(cores)
    row |= {"matrix_gflops": rate / 1e9, "limit_share": ours["flops_per_step"] / ours["seconds_per_step"] / rate}
    return row


def summary(width: int, rounds: list[dict[str, float | str]]) -> dict[str, object]:
    row: dict[str, object] = {"width": width, "rounds": len(rounds)}
    for key in rounds[0]:
        values = [r[key] for r in rounds]
        if isinstance(values[0], str):
            row[key] = statistics.mode(values)
        else:
            row[key] = round(statistics.median(values), 4)
            row[f"{key}_low"], row[f"{key}_high"] = round(min(values), 4), round(max(values), 4)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/benchmarks/toy_sweep/toy_sweep_speed")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        sys.exit(f"run.py: {arguments.binary} is not there: build the release preset first (make build)")
    cores = min(2, os.cpu_count() or 1)
    rows = []
    for width in (64, 128):
        rounds = []
        for i in range(arguments.rounds):
            rounds.append(one_round(arguments.binary, width, cores))
            print(f"width {width}, round {i + 1}: {json.dumps(rounds[-1])}", file=sys.stderr, flush=True)
        rows.append(summary(width, rounds))
        row = rows[-1]
        print(
            f"width {width}: {row['loop_ratio']:.1f}x ({row['loop_ratio_low']:.1f} to {row['loop_ratio_high']:.1f}) "
            f"the loop, {row['fused_ratio']:.1f}x with fused Adam, {row['limit_share']:.2f} of the matrix rate "
            f"({row['matrix_gflops']:.0f} GFLOP/s)"
        )
    if arguments.write:
        made_by = origin("benchmarks/toy_sweep/run.py --write")
        (ROOT / "results").mkdir(exist_ok=True)
        with open(ROOT / "results/toy_speed.jsonl", "w") as file:
            file.writelines(json.dumps(row | made_by) + "\n" for row in rows)


main()
