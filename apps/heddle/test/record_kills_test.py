"""Recording survives kills: record_kills_test.py HEDDLE DEMOS KILLS [LEROBOT_PYTHON]

Records DEMOS demonstrations without a break; records them again, killed KILLS times on the way (SIGKILL, at random
moments), going on each time. Both datasets must be the same, byte for byte, and open in the real LeRobot where its
interpreter is given.
"""

import filecmp
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OPEN = """
import sys
from lerobot.datasets.lerobot_dataset import LeRobotDataset
dataset = LeRobotDataset("local/demos", root=sys.argv[1])
assert dataset.num_episodes == int(sys.argv[2]), dataset.num_episodes
frame = dataset[len(dataset) - 1]
print(dataset.num_frames, {key: tuple(value.shape) for key, value in frame.items() if hasattr(value, "shape")})
"""


def command(heddle, demos, out):
    return [heddle, "sim", "record", "nut_assembly", "--gap", "physics:0.5", "--strategy", "fast-rim,fast-handle",
            "--demos", str(demos), "--cameras", "agentview", "--size", "32x32", "--out", str(out)]  # fmt: skip


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
        subprocess.run(command(heddle, demos, whole), check=True, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        chance = random.Random(5)
        killed = 0
        for _ in range(kills):
            process = subprocess.Popen(
                command(heddle, demos, broken), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(chance.uniform(0.3, 1.7) * seconds / (kills + 2))
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        subprocess.run(command(heddle, demos, broken), check=True, stderr=subprocess.DEVNULL)
        count = same(whole, broken)
        print(f"{demos} episodes in {seconds:.0f} s; killed {killed} times of {kills}: {count} files, the same bytes")
        assert killed >= kills // 2, "the recording was over before it was killed"
        if len(sys.argv) > 4:
            environment = os.environ | {"HF_HUB_OFFLINE": "1"}
            subprocess.run([sys.argv[4], "-c", OPEN, str(broken), str(demos)], check=True, env=environment)


main()
