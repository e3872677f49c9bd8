#!/usr/bin/env python3
"""One chunk of actions against PyTorch's, side by side.

    benchmarks/act/run.py [--rounds N] [--seconds S] [--only POLICY] [--peer PYTHON] [--binary PATH] [--write]

One row, ten steps of the sampler, from the observation to actions in physical units; with guidance (both branches in
one batch) and without. Both make the same chunk first, from the same weights and noise. Then each round makes chunks of
ours, of the eager peer and of the compiled one in turn, each with its best number of threads (1 or 2). --write puts a
row for each policy into results/act.jsonl.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "train_step"))
from side_by_side import Program, Row, best_threads, run, with_interval, with_spread  # noqa: E402

POLICIES = ("mlp", "diffusion", "image", "transformer")
STRENGTHS = {"plain": 0.0, "guided": -0.5}
WITHIN = 2e-3  # of actions in -1 .. 1: the first step of diffusion divides by a hundredth


def check(programs: dict[str, Program]) -> None:
    for strength in STRENGTHS.values():
        said = {name: program.ask("actions", strength)["actions"] for name, program in programs.items()}
        for name, each in said.items():
            if max(abs(a - b) for a, b in zip(said["ours"], each, strict=True)) > WITHIN:
                sys.exit(f"run.py: actions differ: ours {said['ours']}, {name} {each}")


def measure(policy: str, arguments: argparse.Namespace) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        programs = {"ours": Program(arguments.binary, policy, folder)}
        for kind in ("eager", "compiled"):
            programs[kind] = Program(arguments.peer, HERE / "peer.py", policy, folder, kind)
        check(programs)
        once = {name: program.ask("chunks", 1, -0.5, 5)["seconds"] / 5 for name, program in programs.items()}
        counts = {name: max(1, round(arguments.seconds / each)) for name, each in once.items()}
        for program in programs.values():
            program.ask("chunks", 2, -0.5, 1)
        threads = {name: best_threads(program, "chunks", -0.5, 3) for name, program in programs.items()}
        for name, program in programs.items():  # what is compiled anew for another shape or number of threads
            program.ask("chunks", threads[name], 0, 3)
        times: dict[tuple[str, str], list[float]] = {(name, how): [] for name in programs for how in STRENGTHS}
        for i in range(arguments.rounds):
            for name, how in times if i % 2 == 0 else reversed(times):
                took = programs[name].ask("chunks", threads[name], STRENGTHS[how], counts[name])["seconds"]
                times[name, how].append(1e3 * took / counts[name])
        for program in programs.values():
            program.close()
    row: Row = {"policy": policy, "rounds": arguments.rounds, "seconds": arguments.seconds}
    for (name, how), each in times.items():
        row |= {f"{name}_{how}_ms": with_spread(each), f"{name}_threads": threads[name]}
        if name != "ours":
            pairs = zip(each, times["ours", how], strict=True)
            row[f"ratio_{name}_{how}"] = with_interval([theirs / ours for theirs, ours in pairs])
    pairs = zip(times["ours", "guided"], times["ours", "plain"], strict=True)
    row["guidance"] = with_interval([guided / plain for guided, plain in pairs])
    return row


def sentence(row: Row) -> str:
    def ratio(key: str) -> str:
        middle, low, high = row[key]
        return f"{middle:.2f} ({low:.2f} to {high:.2f})"

    return (
        f"{row['policy']}: guided {row['ours_guided_ms'][0]:.2f} ms, eager {ratio('ratio_eager_guided')}, compiled "
        f"{ratio('ratio_compiled_guided')} times that; plain {row['ours_plain_ms'][0]:.2f} ms, eager "
        f"{ratio('ratio_eager_plain')}, compiled {ratio('ratio_compiled_plain')}; guidance costs "
        f"{ratio('guidance')}; threads {row['ours_threads']}, {row['eager_threads']}, {row['compiled_threads']}"
    )


run(__file__, __doc__, POLICIES, measure, sentence, seconds=0.2)
