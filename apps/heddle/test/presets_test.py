"""Every preset trains on what the simulator records: presets_test.py HEDDLE quick|all

The target under a gap of perception and physics; a surrogate without any gap; a floating hand, which is another body
with other actions; pictures alone, as of a person's video. All presets on two domains of states, two of small pictures,
three, and four with the one without actions; `quick` takes few of them, of one small recording each.
"""

import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

QUICK = {"quick": True, "all": False}[sys.argv.pop()]
HEDDLE = sys.argv.pop()
PRESETS = ("mix", "ot", "adda", "cfg", "cfg-adda", "cfg-ot")
CAMERAS = ("agentview",) if QUICK else ("agentview", "birdview")
SIDE = 40 if QUICK else 84
DEMOS = {"robot": 2, "sim": 1, "hand": 1, "video": 1} if QUICK else dict.fromkeys(("robot", "sim", "hand", "video"), 3)
# name: how it is recorded, and what the sheet says of it
SOURCES = {
    "robot": (["--gap", "perception+physics"], "kind: robot, embodiment: panda, action_representation: ee_delta"),
    "sim": ([], "kind: simulation, embodiment: panda, action_representation: ee_delta"),
    "hand": (["--gap", "embodiment"], "kind: human, embodiment: hand, action_representation: wrist_absolute"),
    "video": (["--pictures-only"], "kind: web, embodiment: hand"),
}
SMALL = [
    "w=0.4", "steps=6", "batch_size=24", "data.action_steps=8", "data.execute=4", "policy.trunk.width=32",
    "policy.head.width=32", "policy.head.noise_steps=20", "policy.head.sampler_steps=4", "policy.camera.channels=8",
    "learning_rate.warmup_steps=2", "log.every=1", "log.gradients_every=2", "log.validate_every=3",
    "log.checkpoint_every=3", "log.holdout_windows=16",
]  # fmt: skip


def run(*arguments):
    done = subprocess.run([HEDDLE, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


def set_of(settings):
    return [word for setting in settings for word in ("--set", setting)]


class Presets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.root = Path(cls.scratch.name)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    # With pictures, which a policy of states does not look at.
    def record(self, name):
        folder = self.root / name
        if not folder.exists():
            pictures = ["--cameras", ",".join(CAMERAS), "--size", f"{SIDE}x{SIDE}"]
            how = [*SOURCES[name][0], *(["--no-cameras"] if QUICK and name == "hand" else pictures)]
            how += ["--demos", DEMOS[name], "--strategy", "fast-handle", "--domain", name]
            run("sim", "record", "nut_assembly", *how, "--out", folder)
        return folder

    def sheet(self, names):
        file = self.root / f"{'-'.join(names)}.yaml"
        lines = ["target: robot", "sources:"]
        for name in names:
            lines.append(f"  - {{name: {name}, dataset: {self.record(name).name}, license: own, {SOURCES[name][1]}}}")
        file.write_text("\n".join(lines) + "\n")
        return file

    def train(self, names, method, pictures=False):
        out = self.root / f"run-{'-'.join(names)}-{method}-{pictures}"
        settings = list(SMALL)
        if pictures:
            settings.append(f"data.cameras=[{', '.join('observation.images.' + camera for camera in CAMERAS)}]")
            settings += [f"data.picture_size={SIDE}", "batch_size=16"]
        said = run("train", self.sheet(names), "--method", method, *set_of(settings), "--out", out, "--json")
        self.check(json.loads(said), out, names, method)
        return out

    def check(self, outcome, out, names, method):
        self.assertEqual((outcome["step"], outcome["skipped"], outcome["stopped"]), (6, 0, False))
        checkpoint = out / "checkpoints/0000006"
        for file in ("model.safetensors", "config.json", "stats.safetensors", "card.yaml"):
            self.assertTrue((checkpoint / file).stat().st_size > 0, file)
        rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
        train = [row for row in rows if row["kind"] == "train"]
        holdout = [row for row in rows if row["kind"] == "holdout"]
        self.assertEqual((len(train), len(holdout)), (6, 2))
        terms = {"imitation"}
        terms |= {"transport"} if method.endswith("ot") else set()
        terms |= {"adversary"} if method.endswith("adda") else set()
        for row in train:
            for key, value in row.items():
                if isinstance(value, float):
                    self.assertTrue(math.isfinite(value), (key, row))
            self.assertEqual({key for key in row if key.startswith("loss/")}, {f"loss/{term}" for term in terms})
            self.assertAlmostEqual(row["loss"], sum(row[f"loss/{term}"] for term in terms), places=4)
        measured = [row for row in train if row["step"] % 2 == 0]
        for row in measured:
            for term in terms:
                self.assertGreater(row[f"gradient/{term}"], 0, row)
            self.assertNotIn("domain_gradient/video", row)
        for name in set(names) - {"video"}:
            self.assertTrue(any(f"domain_gradient/{name}" in row for row in measured), name)
            if DEMOS[name] > 1:
                self.assertGreater(holdout[-1][f"loss/{name}"], 0)
        if "video" in names and DEMOS["video"] > 1:
            self.assertIsNone(holdout[-1].get("loss/video"))
            self.assertIn("probe/z/video", holdout[-1])
        facts = json.loads(run("policy", "info", out, "--json"))
        self.assertEqual(facts["card"]["training"]["method"], method)
        self.assertEqual([c["key"] for c in facts["card"].get("conditions", [])], ["domain"] * method.startswith("cfg"))

    def evaluate(self, out):
        evidence = out.with_name(out.name + "-evidence")
        gap = SOURCES["robot"][0]
        run("eval", out, "nut_assembly", *gap, "--episodes", 1, "--out", evidence)
        (row,) = [json.loads(line) for line in (evidence / "evidence.jsonl").read_text().splitlines()]
        self.assertGreater(row["outcome"]["steps"], 0)
        self.assertIn("trained", run("policy", "info", out))

    def test_two_domains_of_states(self):
        for method in ("cfg-adda",) if QUICK else PRESETS:
            with self.subTest(method):
                out = self.train(("robot", "sim"), method)
        self.evaluate(out)

    @unittest.skipIf(QUICK, "the simulator takes its time to draw")
    def test_two_domains_of_small_pictures(self):
        for method in PRESETS:
            with self.subTest(method):
                out = self.train(("robot", "sim"), method, pictures=True)
        self.evaluate(out)

    @unittest.skipIf(QUICK, "four have these three among them")
    def test_three_domains_one_of_another_body(self):
        for method in PRESETS:
            with self.subTest(method):
                self.train(("robot", "sim", "hand"), method)

    def test_four_domains_one_without_actions(self):
        for method in ("cfg-ot",) if QUICK else PRESETS:
            with self.subTest(method):
                self.train(("robot", "sim", "hand", "video"), method, pictures=True)

    # Beside the target there is nothing but pictures: whatever an objective pulls by, it has from them.
    def test_what_has_no_actions_is_out_of_the_imitation_and_in_the_alignment(self):
        for method in ("adda",) if QUICK else PRESETS:
            with self.subTest(method):
                out = self.train(("robot", "video"), method, pictures=True)
                rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
                for row in rows:
                    if "gradient/imitation" in row:
                        self.assertGreater(row["domain_gradient/robot"], 0)
                        self.assertNotIn("domain_gradient/video", row)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
