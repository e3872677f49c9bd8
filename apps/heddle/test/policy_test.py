"""heddle policy and heddle eval --sweep from the outside: policy_test.py HEDDLE MAKE_CHECKPOINT"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAKE_CHECKPOINT = sys.argv.pop()
HEDDLE = sys.argv.pop()


class Policy(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def run_heddle(self, *arguments):
        done = subprocess.run([HEDDLE, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=100)
        self.assertNotIn("report", done.stderr)
        return done

    def make(self, kind):
        subprocess.run([MAKE_CHECKPOINT, self.folder / kind, kind], check=True, capture_output=True)
        return kind

    def test_a_checkpoint_in_one_screen(self):
        done = self.run_heddle("policy", "info", self.make("labelled"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("observation.state [3]: x, y, z", done.stdout)
        self.assertLess(done.stdout.count("\n"), 40)
        facts = json.loads(self.run_heddle("policy", "info", "labelled", "--json").stdout)
        self.assertEqual(facts["card"]["action"]["names"], ["dx", "dy"])
        self.assertEqual(facts["bytes"], (self.folder / "labelled/model.safetensors").stat().st_size)

    def test_a_sweep_tries_each_value_on_the_same_episodes_and_the_card_takes_the_best(self):
        run = self.make("panda")
        sweep = ["eval", run, "nut_assembly", "--episodes", "1", "--out", "sweep", "--sweep"]
        done = self.run_heddle(*sweep, "guidance=-1,0,0.5", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        outcome = json.loads(done.stdout)
        self.assertEqual([value["guidance"] for value in outcome["values"]], [0, -1, 0.5])
        self.assertIsNone(outcome["values"][0]["against_0"])
        self.assertEqual(outcome["values"][1]["against_0"]["pairs"], 1)
        self.assertEqual(outcome["chosen_from"], 3)
        rows = [json.loads(line) for line in (self.folder / "sweep/evidence.jsonl").read_text().splitlines()]
        self.assertEqual(len(rows), 3)
        self.assertEqual({row["setup"]["suite"] for row in rows}, {"tuning"})
        seeds = {row["policy"]["guidance"]: set() for row in rows}
        for row in rows:
            seeds[row["policy"]["guidance"]].add(row["outcome"]["episode_seed"])
        self.assertEqual(len(set(map(frozenset, seeds.values()))), 1)

        again = json.loads(self.run_heddle(*sweep, "guidance=0.5,-1", "--json").stdout)
        self.assertEqual([value["already"] for value in again["values"]], [1, 1, 1])
        self.assertIn("difference to 0", self.run_heddle(*sweep, "guidance=0.5,-1").stdout)

        done = self.run_heddle("policy", "set", run, "guidance=0.5", "--evidence", "sweep")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("guidance: 0 -> 0.5", done.stdout)
        self.assertIn("picked from 3 values", done.stdout)
        self.assertIn("0.5 -> 0 of 1", self.run_heddle("policy", "info", run).stdout)
        done = self.run_heddle("eval", run, "nut_assembly", "--episodes", "1", "--out", "after")
        row = json.loads((self.folder / "after/evidence.jsonl").read_text())
        self.assertEqual((row["policy"]["guidance"], row["policy"]["chosen_from"]), (0.5, 3))

    def test_each_decision_of_an_episode_leaves_its_latents(self):
        run = self.make("panda")
        evaluate = ["eval", run, "nut_assembly", "--episodes", "2", "--execute", "4"]
        self.assertEqual(self.run_heddle(*evaluate, "--out", "told", "--act-as", "domain=robot").returncode, 0)
        self.assertEqual(self.run_heddle(*evaluate, "--out", "silent", "--no-latents").returncode, 0)
        self.assertFalse((self.folder / "silent/latents").exists())
        rows = [json.loads(line) for line in (self.folder / "told/evidence.jsonl").read_text().splitlines()]
        files = {int(file.stem): file for file in (self.folder / "told/latents").glob("*/*.safetensors")}
        self.assertEqual(files.keys(), {row["outcome"]["episode_seed"] for row in rows})
        for row in rows:
            decided = -(-row["outcome"]["steps"] // 4)
            tensors = header_of(files[row["outcome"]["episode_seed"]])
            self.assertEqual(tensors.pop("__metadata__")["domains"], "closed loop")
            self.assertEqual({values["shape"][0] for values in tensors.values()}, {decided})
            self.assertLessEqual(
                {"z", "shallow", "domain", "episode", "frame", "success", "action", "condition", "effect"},
                tensors.keys(),
            )

    def test_what_can_not_be_is_named_and_leaves_the_card_as_it_was(self):
        self.make("labelled")
        self.make("plain")
        card = (self.folder / "labelled/card.yaml").read_bytes()
        for arguments, said in (
            (["policy", "set", "labelled", "guidence=1"], "did you mean 'guidance'?"),
            (["policy", "set", "labelled", "guidance=20"], "is no number from -10 to 10"),
            (["policy", "set", "plain", "guidance=1"], "there is nothing to guide it by"),
            (["policy", "set", "labelled"], "there is nothing to set"),
            (["policy", "info", "none"], "is neither a checkpoint nor a run"),
            (["eval", "expert", "nut_assembly", "--sweep", "guidance=1"], "only a checkpoint can be guided"),
        ):
            done = self.run_heddle(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
        run = self.make("panda")
        for sweep, said in (
            ("w=1", "can't be swept without training"),
            ("guidance=", "is no number"),
            ("guidance=1,1", "stands there twice"),
            ("guidance=0", "nothing to compare 0 with"),
        ):
            done = self.run_heddle("eval", run, "nut_assembly", "--sweep", sweep)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(said, done.stderr)
        self.assertEqual((self.folder / "labelled/card.yaml").read_bytes(), card)


def header_of(file: Path) -> dict:
    """What a safetensors file says that it holds."""
    content = file.read_bytes()
    return json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])


if __name__ == "__main__":
    unittest.main()
