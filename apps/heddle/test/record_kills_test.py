"""Recording survives kills: record_kills_test.py HEDDLE DEMOS KILLS [--lerobot]

Records DEMOS demonstrations without a break; records them again, killed KILLS times on the way (SIGKILL, at random
moments), going on each time with another number of threads. Both datasets must be the same, byte for byte, and open in
the real LeRobot, if this runs in its environment and --lerobot says so.
"""

import filecmp
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def open_in_lerobot(root, demos):
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    dataset = LeRobotDataset("local/demos", root=root)
    assert dataset.num_episodes == demos, dataset.num_episodes
    frame = dataset[len(dataset) - 1]
    shapes = {key: tuple(value.shape) for key, value in frame.items() if hasattr(value, "shape")}
    assert shapes["observation.images.agentview"] == (3, 32, 32), shapes
    assert shapes["action"] == (7,), shapes
    print(f"LeRobot opens it: {dataset.num_frames} frames, {frame['task']}")


def command(heddle, demos, out, threads):
    world = ["nut_assembly", "--gap", "physics:0.5", "--strategy", "fast-rim,fast-handle"]
    pictures = ["--cameras", "agentview", "--size", "32x32"]
    return [
        heddle,
        "sim",
        "record",
        *world,
        *pictures,
        "--demos",
        str(demos),
        "--threads",
        str(threads),
        "--out",
        str(out),
    ]


def files(root):
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def same(a, b):
    names = files(a)
    assert names == files(b), sorted(set(names) ^ set(files(b)))
    for name in names:
        assert filecmp.cmp(a / name, b / name, shallow=False), f"{name} differs"
    return len(names)


def main():
    heddle, demos, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        start = time.monotonic()
        subprocess.run(command(heddle, demos, whole, 2), check=True, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        chance = random.Random(5)
        killed = 0
        for i in range(kills):
            going_on = command(heddle, demos, broken, 1 + i % 3)
            process = subprocess.Popen(going_on, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.2, 1.4) * seconds / (kills + 2))
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        subprocess.run(command(heddle, demos, broken, 1), check=True, stderr=subprocess.DEVNULL)
        count = same(whole, broken)
        print(f"{demos} episodes in {seconds:.0f} s; killed {killed} times of {kills}: {count} files, the same bytes")
        assert killed >= kills // 2, "the recording was over before it was killed"
        if "--lerobot" in sys.argv:
            open_in_lerobot(broken, demos)


main()
