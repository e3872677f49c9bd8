"""heddle compare from the outside: compare_test.py PATH_OF_THE_BINARY"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEDDLE = sys.argv.pop(1)


def rows(w, outcomes, control_hz=20):
    for seed, outcome in enumerate(outcomes):
        yield {
            "schema": 1,
            "setup": {
                "task": "nut_assembly",
                "gap": {"text": "none"},
                "horizon": 400,
                "actions_per_chunk": 1,
                "control_hz": control_hz,
            },
            "policy": {
                "kind": "checkpoint",
                "name": f"runs/{w}",
                "checkpoint_hash": f"hash of {w}",
                "training": {"w": w, "training_seed": 1},
            },
            "outcome": {
                "success_any": outcome == "S",
                "success_end": outcome == "S",
                "episode_seed": seed,
                "failure": "none" if outcome == "S" else "dropped",
                "steps": 100,
            },
        }


class Compare(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def write(self, name, lines):
        (self.folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
        return name

    def run_heddle(self, *arguments):
        return subprocess.run([HEDDLE, "compare", *arguments], cwd=self.folder, capture_output=True, text=True)

    def test_a_verdict_is_printed_with_its_claim(self):
        a, b = self.write("a.jsonl", rows(0.1, "S....." * 10)), self.write("b.jsonl", rows(0.3, "SSSS.." * 10))
        done = self.run_heddle(a, b, "--over", "w", "--power", "0.1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in (
            "w = 0.3 is better than w = 0.1, for these checkpoints",
            "stop: w = 0.3 is better, 95 %",
            "changed",
        ):
            self.assertIn(part, done.stdout)
        self.assertIn("heddle compare a.jsonl b.jsonl --over w --power 0.1;", " ".join(done.stdout.split()))

    def test_a_run_folder_is_its_evidence(self):
        for name, w in (("one", 0.1), ("two", 0.3)):
            (self.folder / name).mkdir()
            self.write(f"{name}/evidence.jsonl", rows(w, "SS.."))
        done = self.run_heddle("one", "two", "--json")
        self.assertEqual(json.loads(done.stdout)["verdicts"][0]["pairs"], 4)

    def test_rows_that_are_not_comparable_exit_with_3(self):
        a, b = self.write("a.jsonl", rows(0.1, "SS..")), self.write("b.jsonl", rows(0.3, "SS..", control_hz=10))
        done = self.run_heddle(a, b, "--json")
        self.assertEqual((done.returncode, done.stderr), (3, ""))
        report = json.loads(done.stdout)
        self.assertFalse(report["comparable"])
        self.assertEqual(report["refusals"][0]["differences"][0]["field"], "control_hz")

    def test_wrong_calls_exit_with_2(self):
        for arguments, part in (
            ([], "no rows were given"),
            (["a.jsonl", "--metric", "success"], "unknown metric 'success'"),
            (["a.jsonl", "--over", "ww"], "evidence rows have no field 'ww'"),
            (["--counts", "c.csv", "--sequential"], "published counts have no rows"),
            (["a.jsonl", "--margin", "2"], "a margin of 2"),
        ):
            done = self.run_heddle(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(part, done.stderr)

    def test_a_file_that_is_no_evidence_exits_with_1_and_its_line(self):
        (self.folder / "a.jsonl").write_text('{"step": 1}\n')
        done = self.run_heddle("a.jsonl")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a.jsonl:1: this is no evidence row", done.stderr)


if __name__ == "__main__":
    unittest.main()
