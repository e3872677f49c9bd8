import json
import tempfile
import unittest
from pathlib import Path

import make_tables
from table import Table, figure, spread

ORIGIN = {"command": "bench --all", "machine": "2 cores", "version": "0.1.0"}
ROWS = [
    {"width": 64, "ratio": 8.84, "low": 8.6, "high": 9.14, **ORIGIN},
    {"width": 128, "ratio": 3.14, "low": 3, "high": 3.2, "note": "x", **ORIGIN},
]
SPEED = Table(
    "speed.jsonl",
    {"width": figure("width"), "ratio": spread("ratio", "low", "high", ".1f"), "note": figure("note", missing="none")},
)
FILLED = """# Results
<!-- table: speed -->
| width | ratio | note |
| --- | --- | --- |
| 64 | 8.8 (8.6 to 9.1) | none |
| 128 | 3.1 (3.0 to 3.2) | x |

Made by `bench --all` with heddle 0.1.0 on 2 cores.
<!-- /table -->
the end
"""


class MakeTablesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = Path(folder.name)
        (self.results / "speed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))

    def fill(self, page: str, table: Table = SPEED) -> str:
        return make_tables.fill(page, {"speed": table}, self.results)

    def test_regions_are_filled_and_the_rest_is_kept(self):
        self.assertEqual(self.fill("# Results\n<!-- table: speed -->\n<!-- /table -->\nthe end\n"), FILLED)

    def test_filling_twice_changes_nothing(self):
        self.assertEqual(self.fill(FILLED), FILLED)

    def test_two_regions_do_not_run_into_each_other(self):
        page = "<!-- table: speed -->\nold\n<!-- /table -->\nbetween\n<!-- table: speed -->\n<!-- /table -->\n"
        self.assertEqual(self.fill(page).count("between"), 1)
        self.assertEqual(self.fill(page).count("| 128 |"), 2)

    def test_rows_can_be_left_out(self):
        table = Table(SPEED.file, SPEED.columns, prepare=lambda rows: [row for row in rows if row["width"] > 100])
        self.assertNotIn("| 64 |", self.fill("<!-- table: speed -->\n<!-- /table -->\n", table))

    def test_what_cannot_be_filled_is_an_error(self):
        for page, table, message in (
            ("<!-- table: gone -->\n<!-- /table -->\n", SPEED, "no table 'gone'; there are: speed"),
            ("<!-- table: speed -->\n", SPEED, "not closed"),
            ("<!-- table: speed -->\n<!-- /table -->\n", Table("gone.jsonl", {}), "gone.jsonl is not there"),
        ):
            with self.subTest(message), self.assertRaisesRegex(make_tables.ResultsError, message):
                self.fill(page, table)

    def test_a_row_without_a_figure_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(KeyError, "no 'note'"):
            self.fill("<!-- table: speed -->\n<!-- /table -->\n", Table(SPEED.file, {"note": figure("note")}))


if __name__ == "__main__":
    unittest.main()
