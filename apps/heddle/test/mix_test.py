"""heddle mix as a user meets it: mix_test.py HEDDLE KITCHEN_STAND_INS RECIPES"""

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEDDLE = STAND_INS = RECIPES = ""


def heddle(*arguments):
    done = subprocess.run([HEDDLE, "mix", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert "terminate called" not in done.stderr, done.stderr
    return done


class Mix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        subprocess.run([STAND_INS, cls.folder / "kitchen"], check=True)
        shutil.copy(Path(RECIPES) / "kitchen.yaml", cls.folder)
        cls.sheet = cls.folder / "kitchen.yaml"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def changed(self, old, new):
        text = self.sheet.read_text()
        self.assertIn(old, text)
        other = self.folder / "changed.yaml"
        other.write_text(text.replace(old, new, 1))
        return other

    def test_the_kitchen_mixes(self):
        done = heddle("check", self.sheet)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("this mixes", done.stdout)
        facts = json.loads(heddle("check", self.sheet, "--json").stdout)
        self.assertFalse(facts["is_refused"])
        self.assertAlmostEqual(sum(source["weight"] for source in facts["sources"]), 1)
        rows = list(csv.DictReader(io.StringIO(heddle("check", self.sheet, "--csv").stdout)))
        self.assertEqual([row["name"] for row in rows], [source["name"] for source in facts["sources"]])
        self.assertEqual([float(row["passes"]) for row in rows], [source["passes"] for source in facts["sources"]])

    def test_what_is_refused_exits_with_3_and_what_is_no_sheet_with_2(self):
        done = heddle("check", self.changed("use: research", "use: commercial"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("CC-BY-NC-4.0 forbids commercial use", done.stdout)
        done = heddle("check", self.changed("license: own", "licence: own"))
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(
            done.stderr, r"changed.yaml:\d+: source robot has no key 'licence' \(did you mean 'license'\?\)"
        )
        self.assertEqual(heddle("check", self.folder / "none.yaml").returncode, 1)

    def test_a_suggestion_has_its_range_its_reason_and_proposals(self):
        facts = json.loads(heddle("suggest", self.sheet, "--json").stdout)
        self.assertLess(facts["low"]["w"], facts["high"]["w"])
        self.assertEqual([gap["source"] for gap in facts["gaps"]], ["simulation", "hands", "web", "other_arm"])
        self.assertGreater(facts["stated_odds"], 1)
        self.assertIn("Search w in", facts["reason"])
        self.assertIn("to state it: gap: {", heddle("suggest", self.sheet).stdout)
        self.assertEqual(json.loads(heddle("suggest", self.sheet, "--json", "--no-measure").stdout)["gaps"], [])

    def test_a_first_sheet_is_one_that_can_be_checked(self):
        out = self.folder / "first.yaml"
        datasets = [self.folder / "kitchen" / name for name in ("robot", "simulation", "web")]
        done = heddle("init", *datasets, "-o", out)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertIn("# guessed", out.read_text())
        self.assertEqual(heddle("check", out).returncode, 0)
        self.assertEqual(heddle("init", *datasets, "-o", out).returncode, 2)
        self.assertEqual(heddle("init", datasets[0], datasets[0]).returncode, 2)


if __name__ == "__main__":
    HEDDLE, STAND_INS, RECIPES = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
