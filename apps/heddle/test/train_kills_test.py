"""Training survives kills: train_kills_test.py HEDDLE KILLS

Trains a run without a break; trains it again and again, killed at random moments (SIGKILL) and gone on with by the same
command, until KILLS kills were survived. Every one of these runs must end with the same weights, bit for bit, and with
the same lines of metrics but for their times and memory. Then it is stopped by SIGTERM and by Ctrl-C: it must save and
end within 10 s, and go on from the step that it had reached.
"""

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHEET = """target: robot
use: research
sources:
  - {name: robot, dataset: robot, kind: robot, embodiment: panda, license: own, action_representation: ee_delta}
  - {name: sim, dataset: sim, kind: simulation, embodiment: panda, license: own, action_representation: ee_delta}
"""
STEPS = 120


def record(heddle, folder, gap, demos, seed):
    command = [heddle, "sim", "record", "nut_assembly", "--gap", gap, "--demos", str(demos), "--seed", str(seed)]
    command += ["--no-cameras", "--domain", folder.name, "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def train_command(heddle, sheet, out, steps=STEPS):
    settings = ["w=0.3", f"steps={steps}", "batch_size=16", "policy.trunk.width=32", "policy.head.width=32"]
    settings += ["log.checkpoint_every=6", "log.validate_every=40", "log.every=3", "log.holdout_windows=16"]
    command = [heddle, "train", str(sheet), "--method", "cfg-adda", "--threads", "2", "--out", str(out)]
    for setting in settings:
        command += ["--set", setting]
    return command


def weights_of(run):
    return hashlib.sha256((run / "checkpoints/latest/model.safetensors").read_bytes()).hexdigest()


def lines_of(run):
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in row.items() if not k.endswith(("_ms", "_mb"))} for row in rows]


def start(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    heddle, kills = sys.argv[1], int(sys.argv[2])
    chance = random.Random(kills)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        record(heddle, root / "robot", "perception", 3, 100)
        record(heddle, root / "sim", "none", 5, 0)
        sheet = root / "mixture.yaml"
        sheet.write_text(SHEET)
        begin = time.monotonic()
        subprocess.run(train_command(heddle, sheet, root / "whole"), check=True, capture_output=True)
        whole_s = time.monotonic() - begin
        weights, lines = weights_of(root / "whole"), lines_of(root / "whole")

        survived = runs = 0
        while survived < kills:
            out = root / "killed"
            shutil.rmtree(out, ignore_errors=True)
            while True:
                process = start(train_command(heddle, sheet, out))
                try:
                    process.wait(timeout=chance.uniform(0.1, 1.2) * whole_s)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    survived += 1
                    continue
                assert process.returncode == 0, process.returncode
                break
            runs += 1
            assert weights_of(out) == weights, f"other weights after {survived} kills"
            assert lines_of(out) == lines, f"other metrics after {survived} kills"
        print(f"{runs} runs, {survived} kills: the same weights ({weights[:12]}) and metrics as the unbroken run")

        for sent in (signal.SIGTERM, signal.SIGINT):
            out = root / f"stopped-{sent}"
            command = train_command(heddle, sheet, out, steps=1_000_000)
            process = start(command)
            while not (out / "checkpoints/latest").exists():
                time.sleep(0.01)
            begin = time.monotonic()
            process.send_signal(sent)
            code = process.wait(timeout=10)
            assert code == 128 + sent, code
            state = json.loads((out / "checkpoints/latest/trainer.json").read_text())
            last = lines_of(out)[-1]["step"]
            assert state["step"] >= last, (state, last)
            print(f"signal {sent}: saved step {state['step']} and ended in {time.monotonic() - begin:.1f} s")


main()
