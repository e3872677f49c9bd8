#!/usr/bin/env python3
"""How long an audit takes that finds nothing: 3,000 episodes of 64 frames, two cameras of 128 x 128.

    benchmarks/audit/run.py [--episodes N] [--rounds N] [--codec h264|av1] [--peer PYTHON] [--data DIR] [--binary PATH]
                            [--write]

Makes its dataset where it is not there yet (benchmarks/loader/make_dataset.py, with statistics of its own), and audits
it with two threads and the default sample of pictures. --write puts a row into results/audit.jsonl.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "results"))
from origin import origin  # noqa: E402

FRAMES, SIZE, THREADS = 64, 128, 2
PEER = Path.home() / ".cache/heddle-peers/lerobot/bin/python"


def write_statistics(root: Path) -> None:
    """The maker of the dataset leaves a stand-in: here are the real ones."""
    table = pq.read_table(next(root.glob("data/*/*.parquet")))
    stats = {}
    for name in ("observation.state", "action"):
        values = np.stack(table[name].to_numpy()).astype(np.float64)
        lists = {key: getattr(values, key)(axis=0).tolist() for key in ("min", "max", "mean", "std")}
        stats[name] = lists | {"count": [len(values)]}
    (root / "meta/stats.json").write_text(json.dumps(stats))


def make_dataset(root: Path, episodes: int, codec: str, peer: Path) -> None:
    if (root / "meta/stats.json").is_file():
        return
    print(f"making {root}", file=sys.stderr, flush=True)
    maker = ROOT / "benchmarks/loader/make_dataset.py"
    subprocess.run([str(c) for c in (peer, maker, root, episodes, FRAMES, SIZE, SIZE, codec)], check=True)
    write_statistics(root)


def one_round(binary: Path, root: Path) -> tuple[float, dict]:
    start = time.perf_counter()
    command = [str(binary), "data", "audit", str(root), "--json", "--threads", str(THREADS)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    seconds = time.perf_counter() - start
    report = json.loads(run.stdout)
    if report.get("errors") != 0 or report.get("warnings") != 0:
        sys.exit(f"run.py: the dataset is not clean: {report.get('findings_by_code', report)}")
    return seconds, report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--codec", choices=("h264", "av1"), default="h264")
    parser.add_argument("--peer", type=Path, default=PEER)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "heddle-audit-benchmark")
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/apps/heddle/heddle")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        sys.exit(f"run.py: {arguments.binary} is not there: build the release preset first (make build)")
    root = arguments.data / f"{arguments.episodes}-{arguments.codec}"
    make_dataset(root, arguments.episodes, arguments.codec, arguments.peer)
    rounds = [one_round(arguments.binary, root) for _ in range(arguments.rounds)]
    seconds = statistics.median(each for each, _ in rounds)
    pictures = rounds[0][1]["datasets"][0]["frames_decoded"]
    row = {
        "episodes": arguments.episodes,
        "cameras": 2,
        "frames_per_episode": FRAMES,
        "size": f"{SIZE}x{SIZE}",
        "codec": arguments.codec,
        "threads": THREADS,
        "rounds": arguments.rounds,
        "seconds": round(seconds, 2),
        "seconds_low": round(min(each for each, _ in rounds), 2),
        "seconds_high": round(max(each for each, _ in rounds), 2),
        "pictures": pictures,
        "pictures_per_second": round(pictures / seconds, 1),
    }
    print(json.dumps(row))
    if arguments.write:
        (ROOT / "results").mkdir(exist_ok=True)
        with open(ROOT / "results/audit.jsonl", "w") as file:
            file.write(json.dumps(row | origin("benchmarks/audit/run.py --write")) + "\n")


main()
