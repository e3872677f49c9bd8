"""check-all in a small checkout of its own: it goes on where it stopped, and starts anew when the tree has changed."""

import contextlib
import importlib.machinery
import importlib.util
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]


def load_check_all():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("check_all", str(TOOLS / "check-all"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_all", loader))
    loader.exec_module(module)
    return module


class CheckAllTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.check_all = load_check_all()
        (self.root / "results").mkdir()
        for name in ("source.cc", "results/a.jsonl"):
            (self.root / name).write_text("first\n")
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first")
        self.steps = [
            self.check_all.Step("one", "echo one >>calls", "-"),
            self.check_all.Step("two", "echo two >>calls; test -e mended", "-"),
            self.check_all.Step("three", "echo three >>calls", "-"),
        ]

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True)

    def run_all(self, again: bool = False) -> tuple[bool, list[str]]:
        """Whether all passed, and the steps that ran."""
        calls = self.root / "calls"
        calls.write_text("")
        with contextlib.redirect_stdout(io.StringIO()) as output:
            passed = self.check_all.run_all(self.steps, self.root, again)
        self.output = output.getvalue()
        return passed, calls.read_text().split()

    def test_it_stops_at_a_failure_and_goes_on_there(self):
        self.assertEqual(self.run_all(), (False, ["one", "two"]))
        self.assertIn("two FAILED with 1", self.output)
        (self.root / "mended").touch()
        self.assertEqual(self.run_all(), (True, ["two", "three"]))
        self.assertEqual(self.run_all(), (True, []))
        self.assertEqual(self.run_all(again=True), (True, ["one", "two", "three"]))

    def test_a_changed_tree_starts_anew_and_a_tree_changed_back_is_known(self):
        (self.root / "mended").touch()
        self.run_all()
        (self.root / "source.cc").write_text("second\n")
        self.assertEqual(self.run_all(), (True, ["one", "two", "three"]))
        (self.root / "source.cc").write_text("first\n")
        self.assertEqual(self.run_all(), (True, []))

    def test_what_the_steps_write_does_not_change_the_tree(self):
        before = self.check_all.tree_hash(self.root)
        (self.root / "results" / "a.jsonl").write_text("second\n")
        self.assertEqual(self.check_all.tree_hash(self.root), before)

    def test_the_user_s_index_is_left_alone(self):
        (self.root / "source.cc").write_text("second\n")
        self.check_all.tree_hash(self.root)
        staged = subprocess.run(
            ["git", "diff", "--cached", "--name-only"], cwd=self.root, capture_output=True, check=True
        )
        self.assertEqual(staged.stdout, b"")


if __name__ == "__main__":
    unittest.main()
