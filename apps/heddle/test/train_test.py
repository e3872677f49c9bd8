"""Training from the command line, where it goes wrong: train_test.py HEDDLE

What is called wrongly or is not what it should be; a disk that is full; what is asked for twice.
"""

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HEDDLE = sys.argv.pop()
SHEET = """target: robot
sources:
  - {name: robot, dataset: robot, kind: robot, embodiment: panda, license: own, action_representation: ee_delta}
  - {name: sim, dataset: sim, kind: simulation, embodiment: panda, license: own, action_representation: ee_delta}
"""
SMALL = [
    "w=0.3", "batch_size=8", "policy.trunk.width=32", "policy.head.width=32", "policy.camera.channels=8",
    "log.every=1", "log.holdout_windows=8",
]  # fmt: skip


def set_of(*settings):
    return [word for setting in settings for word in ("--set", setting)]


def bytes_of(folder):
    """Every file of a folder by its name."""
    return {
        str(file.relative_to(folder)): os.readlink(file) if file.is_symlink() else file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_symlink() or file.is_file()
    }


def weights_of(run):
    return hashlib.sha256((run / "checkpoints/latest/model.safetensors").read_bytes()).hexdigest()


class Train(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        for name, gap in (("robot", "perception"), ("sim", "none")):
            record = ["sim", "record", "nut_assembly", "--gap", gap, "--demos", "3", "--strategy", "fast-handle"]
            record += ["--no-cameras", "--domain", name, "--out", name]
            assert cls.heddle(*record).returncode == 0
        (cls.folder / "mixture.yaml").write_text(SHEET)
        cls.changed("alone.yaml", SHEET.splitlines()[3], "")
        done = cls.train("whole", "steps=12", "log.checkpoint_every=4", method="cfg-adda")
        assert done.returncode == 0, done.stderr

    @classmethod
    def heddle(cls, *arguments, **more):
        command = [HEDDLE, *map(str, arguments)]
        return subprocess.run(command, cwd=cls.folder, capture_output=True, text=True, timeout=100, **more)

    @classmethod
    def train(cls, out, *settings, method="mix", sheet="mixture.yaml", flags=(), **more):
        command = ["train", sheet, "--method", method, *set_of(*SMALL, *settings), "--threads", "1", "--out", out]
        return cls.heddle(*command, *flags, **more)

    @classmethod
    def changed(cls, name, old, new):
        assert old in SHEET, old
        (cls.folder / name).write_text(SHEET.replace(old, new, 1))
        return name

    def test_mistakes_are_one_line_with_the_place_and_the_mend_and_destroy_nothing(self):
        sheets = {
            "no-set.yaml": ("dataset: sim", "dataset: sims"),
            "junk-set.yaml": ("dataset: sim", "dataset: junk"),
            "typo.yaml": ("license: own", "licence: own"),
            "type.yaml": ("license: own", "license: [own]"),
            "target.yaml": ("target: robot", "target: robt"),
            "negative.yaml": ("ee_delta}", "ee_delta, weight: -1}"),
            "twice.yaml": ("name: sim", "name: robot"),
        }
        for name, (old, new) in sheets.items():
            self.changed(name, old, new)
        (self.folder / "zero.yaml").write_text(SHEET.replace("ee_delta}", "ee_delta, weight: 0}"))
        (self.folder / "broken.yaml").write_text("target: [robot\n")
        (self.folder / "junk").mkdir()
        (self.folder / "junk/notes.txt").write_text("no dataset\n")
        (self.folder / "run.yaml").write_text("method: cfg\nseed: 1\npolicy:\n  trunk:\n    widht: 3\n")
        (self.folder / "junk.pt").write_text("no module\n")
        train = ["train", "mixture.yaml", "--out", "new"]
        script = ["--method", "custom", *set_of("align.script.weight=1")]
        mistakes = [
            # What is named is not there, or is something else.
            (1, ["train", "none.yaml"], "none.yaml: cannot read this file: No such file"),
            (2, ["train", "junk"], "junk: is a folder (name a run.yaml or a mixture sheet)"),
            (2, ["train", "whole"], "did you mean 'whole/run.yaml'?"),
            (
                2,
                ["train", "no-set.yaml"],
                "no-set.yaml:4: source sim, sims: there is no such folder (give a folder, or owner/name of",
            ),
            (2, ["train", "junk-set.yaml"], "is a folder, but no LeRobot dataset: it has no meta/info.json"),
            (1, [*train, *script, *set_of("align.script.file=junk.pt")], "junk.pt: this is no TorchScript module"),
            (2, ["train", "mixture.yaml", "--out", "alone.yaml"], "alone.yaml: this is a file, and a folder is needed"),
            (2, ["train", "mixture.yaml", "--out", "sim"], "sim: is not empty: "),
            # Keys and values.
            (2, ["train", "run.yaml"], "run.yaml:5: there is no option 'policy.trunk.widht' (did you mean 'policy.t"),
            (2, [*train, *set_of("stps=3")], "--set stps=3: there is no option 'stps' (did you mean 'steps'?)"),
            (2, [*train, "--methd", "adda"], "train: there is no flag '--methd' (did you mean '--method'?)"),
            (2, ["train", "alone.yaml", "--method", "adda"], "align.adversary.label: every row has the same domain"),
            (2, ["train", "typo.yaml"], "typo.yaml:3: source robot has no key 'licence' (did you mean 'license'?)"),
            (2, ["train", "zero.yaml"], "zero.yaml:3: all weights are 0 (give one a weight above 0)"),
            (2, ["train", "broken.yaml"], "broken.yaml:2: this is not YAML"),
            (2, ["train", "mixture.yaml", "--out", "whole"], "whole/run.yaml: another run is there: "),
            (2, ["mix", "check", "type.yaml"], "type.yaml:3: license must be text"),
            (
                2,
                ["mix", "check", "target.yaml"],
                "target.yaml:1: target: there is no domain 'robt' (did you mean 'robot'",
            ),
            (
                2,
                ["mix", "check", "negative.yaml"],
                "negative.yaml:3: source robot: weight is -1 (weights are 0 or more",
            ),
            (2, ["mix", "check", "twice.yaml"], "twice.yaml:4: the name 'robot' stands twice (first at twice.yaml:3)"),
            (2, ["sweep", "mixture.yaml", "--over", "log.every=1,2"], "what is written down changes no policy"),
            (
                2,
                ["sweep", "mixture.yaml", "--over", "w=0.1,0.2", *set_of("w=0.5")],
                "--set w=0.5: this is what is searc",
            ),
            (2, ["sweep", "mixture.yaml", "--task", "nut_assembl"], "is no task (did you mean 'nut_assembly'?)"),
            (2, ["sweep", "mixture.yaml", "--gap", "physics"], "sweep: --gap is of a task, and none is named"),
            (2, ["sweep", "mixture.yaml", "--execute", "3"], "sweep: --execute is of a task, and none is named"),
            (2, ["sweep", "mixture.yaml", "--over", "w=0.2,4"], "--over w=4: w is 4, which is out of range"),
            (2, ["sweep", "mixture.yaml", "--task", "nut_assembly", "--gap", "physix"], "did you mean 'physics'?"),
            (
                2,
                ["sweep", "mixture.yaml", "--task", "nut_assembly", "--task-option", "nutz=round"],
                "--task-option nutz=round: there is no option 'nutz' (did you mean 'nuts'?)",
            ),
            (
                1,
                ["sweep", "mixture.yaml", "--over=w=0.2,0.4", "--task", "nut_assembly", "--task-option", "nuts=round"],
                "--task nut_assembly: this world does not fit the policy's card",
            ),
            (
                2,
                ["policy", "set", "whole", "against.domain=sum"],
                "was not trained with domain 'sum' (did you mean 'sim'?)",
            ),
            (2, ["policy", "set", "junk", "guidance=1"], "junk: is neither a checkpoint nor a run that has one"),
        ]
        before = bytes_of(self.folder)
        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(lambda mistake: self.heddle(*mistake[1]), mistakes))
        for (code, arguments, said), done in zip(mistakes, outcomes, strict=True):
            with self.subTest(" ".join(arguments)):
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertNotIn("report it", done.stderr)
        self.assertEqual(bytes_of(self.folder), before)

    def test_errors_are_json_where_results_are(self):
        done = self.train("new-json", "steps=0", flags=["--json"])
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertEqual(json.loads(done.stdout)["error"]["kind"], "usage")

    def test_a_plan_says_what_it_takes_and_writes_nothing(self):
        before = bytes_of(self.folder)
        done = self.train("planned", "steps=5000", method="cfg-ot", flags=["--plan"])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("5000 steps of ", " parameters", "disk: ", "memory: ", "passes", "w 0.3", "robot", "sim"):
            self.assertIn(word, done.stdout)
        self.assertEqual(bytes_of(self.folder), before)
        self.assertFalse((self.folder / "planned").exists())

    def test_a_run_that_is_at_its_end_says_so_and_is_left_as_it_is(self):
        before = bytes_of(self.folder / "whole")
        done = self.train("whole", "steps=12", "log.checkpoint_every=4", method="cfg-adda")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("there is nothing left to do: the run is at its end", done.stdout)
        self.assertEqual(bytes_of(self.folder / "whole"), before)

    def test_a_run_that_goes_on_says_from_where(self):
        settings = ("steps=300", "log.checkpoint_every=20")
        process = subprocess.Popen(
            [HEDDLE, "train", "mixture.yaml", *set_of(*SMALL, *settings), "--threads", "1", "--out", "on"],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not (self.folder / "on/checkpoints/latest").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        begin = json.loads((self.folder / "on/checkpoints/latest/trainer.json").read_text())["step"]
        self.assertTrue(20 <= begin < 300, begin)
        done = self.train("on", *settings)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"training: from {begin} to 300 in ", done.stderr)
        self.assertIn(f"going on from step {begin}", done.stdout)

    # Room for options and metrics, and too little for a checkpoint: what is said then is said of a full disk, too.
    def test_where_no_file_may_grow_the_last_checkpoint_stays_whole_and_training_goes_on_from_it(self):
        limit = 20_000

        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        settings = ("steps=12", "log.checkpoint_every=4")
        done = self.train("full", *settings, method="cfg-adda", preexec_fn=little_room)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("File too large", done.stderr.splitlines()[-1])
        self.assertEqual([f for f in bytes_of(self.folder / "full") if "checkpoints" in f], [])
        self.assertEqual(self.train("full", *settings, method="cfg-adda").returncode, 0)
        self.assertEqual(weights_of(self.folder / "full"), weights_of(self.folder / "whole"))

    @unittest.skipUnless(os.geteuid() == 0, "only root may mount a small disk")
    def test_a_truly_full_disk_too(self):
        disk = self.folder / "disk"
        disk.mkdir()
        one = sum(f.stat().st_size for f in (self.folder / "whole/checkpoints/0000012").iterdir())
        size = f"size={int(2.3 * one) // 1024}k"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk], capture_output=True).returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(lambda: subprocess.run(["umount", disk], check=True))
        settings = ("steps=12", "log.checkpoint_every=2")
        done = self.train(disk / "run", *settings, method="cfg-adda")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("No space left on device", done.stderr.splitlines()[-1])
        checkpoints = disk / "run/checkpoints"
        last = os.readlink(checkpoints / "latest")
        self.assertLess(int(last), 12)
        self.assertEqual([entry.name for entry in checkpoints.iterdir() if entry.name.startswith(".")], [])
        self.assertEqual(self.heddle("policy", "info", disk / "run").returncode, 0)
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        done = self.train(disk / "run", *settings, method="cfg-adda")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"going on from step {int(last)}", done.stdout)
        self.assertEqual(weights_of(disk / "run"), weights_of(self.folder / "whole"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
