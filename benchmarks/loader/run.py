#!/usr/bin/env python3
"""The loader against LeRobot's own DataLoader, side by side.

    benchmarks/loader/run.py [--rounds N] [--seconds S] [--peer PYTHON] [--data DIR] [--binary PATH] [--write]

Makes its datasets (two cameras, AV1 as LeRobot encodes by default) where they are not there yet: 128 x 128, 480 x 640,
and one of 1,000 episodes for the start. Each round measures, one after the other on the same dataset: ours decoding,
packed and in memory; the peer with torchcodec and PyAV, 0 and 2 workers; the decoder alone, going through the frames in
order; and the memory's copy rate. A round's ratio is ours over the best of the peer's four. Batches of 64 random
windows, 2 threads. --write puts a row for each dataset into results/loader.jsonl.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

BATCH, THREADS = 64, 2
HOLDINGS = ("decode", "packed", "memory")
PEERS = [(backend, workers) for backend in ("torchcodec", "pyav") for workers in (0, 2)]
# name: episodes, frames, height, width
DATASETS = {"128x128": (40, 100, 128, 128), "640x480": (10, 100, 480, 640), "1000 episodes": (1000, 30, 64, 64)}
Row = dict[str, float | str]


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def memory_mb(pid: int) -> float:
    """Of a process and all that it started; memory that several share is counted once."""
    kilobytes = 0
    try:
        for each in tree(pid):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has just ended
    return kilobytes / 1024


def result_of(*command: object) -> Row:
    """What the program prints, and the peak of its memory."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(THREADS)}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen([str(each) for each in command], stdout=out, stderr=errors, env=environment)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory_mb(process.pid))
            time.sleep(0.2)
        out.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f"run.py: {' '.join(map(str, command))}: {process.returncode}\n{errors.read()[-2000:]}")
        return json.loads(out.read().splitlines()[-1]) | {"peak_mb": peak}


def make(name: str, arguments: argparse.Namespace) -> Path:
    folder = arguments.data / name.replace(" ", "-")
    if not (folder / "meta/info.json").is_file():
        print(f"making {folder}", file=sys.stderr, flush=True)
        part = folder.with_name(folder.name + ".part")
        subprocess.run(["rm", "-rf", part], check=True)
        command = [arguments.peer, HERE / "make_dataset.py", part, *DATASETS[name]]
        subprocess.run([str(each) for each in command], check=True, capture_output=True)
        part.rename(folder)
    return folder


def one_round(folder: Path, arguments: argparse.Namespace) -> Row:
    row: Row = {}
    ours = {}
    for holding in HOLDINGS:
        ours[holding] = result_of(
            arguments.binary, folder, holding, THREADS, BATCH, arguments.seconds, arguments.data / "cache"
        )
        row |= {f"{holding}_frames_per_s": ours[holding]["frames_per_s"], f"{holding}_mb": ours[holding]["peak_mb"]}
    row["first_batch_s"] = ours["decode"]["first_batch_s"]
    peers = {}
    for backend, workers in PEERS:
        result = result_of(arguments.peer, HERE / "peer.py", folder, backend, workers, BATCH, arguments.seconds)
        peers[f"{backend} {workers}"] = result
        row[f"{backend}_{workers}_frames_per_s"] = result["frames_per_s"]
    best = max(peers, key=lambda each: peers[each]["frames_per_s"])
    row["peer_frames_per_s"] = peers[best]["frames_per_s"]
    row |= {"peer_best": best, "peer_first_batch_s": min(p["first_batch_s"] for p in peers.values())}
    row["peer_mb"] = peers[best]["peak_mb"]
    row["cpu_ratio"] = peers["torchcodec 0"]["cpu_ms_per_frame"] / ours["decode"]["cpu_ms_per_frame"]
    for holding in HOLDINGS:
        row[f"{holding}_ratio"] = ours[holding]["frames_per_s"] / peers[best]["frames_per_s"]
    row["memory_share"] = max(ours["decode"]["peak_mb"], ours["packed"]["peak_mb"]) / row["peer_mb"]
    limit = result_of(arguments.binary, folder, "limit", THREADS, BATCH, arguments.seconds, "")
    copy = result_of(arguments.binary, folder, "copy", THREADS, BATCH, 2, "")
    row |= {"decoder_frames_per_s": limit["frames_per_s"], "copy_gb_per_s": copy["bytes_per_s"] / 1e9}
    row["decode_share"] = ours["decode"]["frames_per_s"] / limit["frames_per_s"]
    row["packed_copy_share"] = ours["packed"]["bytes_per_s"] / copy["bytes_per_s"]
    return row


def start_round(folder: Path, arguments: argparse.Namespace) -> Row:
    ours = result_of(arguments.binary, folder, "decode", THREADS, BATCH, 0.1, "")
    peer = result_of(arguments.peer, HERE / "peer.py", folder, "torchcodec", 0, BATCH, 0.1)
    row = {"first_batch_s": ours["first_batch_s"], "peer_first_batch_s": peer["first_batch_s"]}
    return row | {"decode_mb": ours["peak_mb"], "peer_mb": peer["peak_mb"]}


def summary(name: str, rounds: list[Row]) -> dict[str, object]:
    row: dict[str, object] = {"dataset": name, "rounds": len(rounds)}
    for key in rounds[0]:
        values = [r[key] for r in rounds]
        if isinstance(values[0], str):
            row[key] = statistics.mode(values)
        else:
            row[key] = round(statistics.median(values), 4)
            row[f"{key}_low"], row[f"{key}_high"] = round(min(values), 4), round(max(values), 4)
    return row


def sentence(row: dict[str, object]) -> str:
    if "decode_ratio" not in row:
        return (
            f"{row['dataset']}: first batch after {row['first_batch_s']:.2f} s ({row['peer_first_batch_s']:.2f} s), "
            f"{row['decode_mb']:.0f} MB ({row['peer_mb']:.0f} MB)"
        )
    return (
        f"{row['dataset']}: decode {row['decode_ratio']:.1f}x, packed {row['packed_ratio']:.1f}x, memory "
        f"{row['memory_ratio']:.1f}x the peer's best ({row['peer_best']}); decode is {row['decode_share']:.2f} of "
        f"decoding in order, packed {row['packed_copy_share']:.2f} of the copy rate; peak memory "
        f"{row['memory_share']:.2f} of the peer's"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/benchmarks/loader/loader_speed")
    parser.add_argument("--peer", type=Path, default=Path.home() / ".cache/heddle-peers/lerobot/bin/python")
    parser.add_argument("--data", type=Path, default=ROOT / "out/benchmarks/loader")
    parser.add_argument("--only", choices=DATASETS, action="append")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    for needed in (arguments.binary, arguments.peer):
        if not needed.is_file():
            sys.exit(f"run.py: {needed} is not there: build the release preset first, and name a Python with LeRobot")
    arguments.data.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in arguments.only or DATASETS:
        folder = make(name, arguments)
        measure = start_round if name == "1000 episodes" else one_round
        rounds = []
        for i in range(arguments.rounds):
            rounds.append(measure(folder, arguments))
            print(f"{name}, round {i + 1}: {json.dumps(rounds[-1])}", file=sys.stderr, flush=True)
        rows.append(summary(name, rounds))
        print(sentence(rows[-1]), flush=True)
    if arguments.write:
        made_by = origin("benchmarks/loader/run.py --write")
        with open(ROOT / "results/loader.jsonl", "w") as file:
            file.writelines(json.dumps(row | made_by) + "\n" for row in rows)


main()
