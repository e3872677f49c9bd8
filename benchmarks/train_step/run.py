#!/usr/bin/env python3
"""Whole training steps against PyTorch's, side by side.

    benchmarks/train_step/run.py [--rounds N] [--seconds S] [--only POLICY] [--peer PYTHON] [--binary PATH] [--write]

The peer is PyTorch of the same version, eager and torch.compile, from the same weights. First both take the same five
steps, and losses and gradient norms must agree. Then each round takes steps of ours, of the eager peer and of the
compiled one in turn, each with the number of threads (1 or 2) that is its best. A round's ratio is the peer's time over
ours. Matrix products of the same rounds say what share of the machine's rate each step has. --write puts a row for each
policy into results/train_step.jsonl.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from side_by_side import Program, Row, best_threads, close, run, with_interval, with_spread

HERE = Path(__file__).resolve().parent
POLICIES = ("mlp", "image", "transformer")
COMPARED, PRODUCTS = 5, 10
WITHIN = 1e-4  # relative; sums in another order


def check(programs: dict[str, Program]) -> None:
    """The same losses and gradient norms from the same weights."""
    said = {name: program.ask("losses", COMPARED) for name, program in programs.items()}
    for name, each in said.items():
        for what in ("losses", "norms"):
            if not close(said["ours"][what], each[what], WITHIN):
                sys.exit(f"run.py: {what} differ: ours {said['ours'][what]}, {name} {each[what]}")


def measure(policy: str, arguments: argparse.Namespace) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        programs = {"ours": Program(arguments.binary, policy, folder)}
        for kind in ("eager", "compiled"):
            programs[kind] = Program(arguments.peer, HERE / "peer.py", policy, folder, kind)
        check(programs)
        flops = programs["eager"].ask("flops", 1)["flops"]
        once = {name: program.ask("steps", 1, 3)["seconds"] / 3 for name, program in programs.items()}
        counts = {name: max(1, round(arguments.seconds / each)) for name, each in once.items()}
        for program in programs.values():
            program.ask("steps", 2, 1)
        threads = {
            name: best_threads(program, "steps", max(1, counts[name] // 40)) for name, program in programs.items()
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        rates, parts = [], []
        for i in range(arguments.rounds):
            order = list(programs) if i % 2 == 0 else list(reversed(programs))
            for name in order:
                took = programs[name].ask("steps", threads[name], counts[name])["seconds"]
                times[name].append(1e3 * took / counts[name])
            rates.append(programs["ours"].ask("rate", threads["ours"], PRODUCTS)["flops_per_s"])
            if i % 3 == 0:
                parts.append(programs["ours"].ask("parts", threads["ours"], max(1, counts["ours"] // 2)))
        for program in programs.values():
            program.close()
    row: Row = {"policy": policy, "rounds": arguments.rounds, "seconds": arguments.seconds, "flops": flops}
    for name in programs:
        shares = [flops / (1e-3 * ms) / rate for ms, rate in zip(times[name], rates, strict=True)]
        row |= {f"{name}_ms": with_spread(times[name]), f"{name}_threads": threads[name]}
        row[f"{name}_share"] = with_spread(shares)
        if name != "ours":
            pairs = zip(times[name], times["ours"], strict=True)
            row[f"ratio_{name}"] = with_interval([theirs / ours for theirs, ours in pairs])
    row["gflops_per_s"] = with_spread([rate / 1e9 for rate in rates])
    whole = sum(sum(each.values()) for each in parts)
    row["parts"] = {part: round(sum(each[part] for each in parts) / whole, 3) for part in parts[0]}
    return row


def sentence(row: Row) -> str:
    def ratio(name: str) -> str:
        middle, low, high = row[f"ratio_{name}"]
        return f"{middle:.2f}x ({low:.2f} to {high:.2f}) {name}"

    return (
        f"{row['policy']}: {row['ours_ms'][0]:.2f} ms, {ratio('eager')}, {ratio('compiled')}; share of the matrix rate "
        f"{row['ours_share'][0]:.2f}, eager {row['eager_share'][0]:.2f}, compiled {row['compiled_share'][0]:.2f}; "
        f"threads {row['ours_threads']}, {row['eager_threads']}, {row['compiled_threads']}; {row['parts']}"
    )


run(__file__, __doc__, POLICIES, measure, sentence, seconds=0.5)
