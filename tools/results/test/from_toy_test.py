import re
import unittest

import from_toy
import origin
import tables

TOY = {
    "paper": {"anova": {"delta_z": 0.48}},
    "anova": [
        {
            "measure": "ood",
            "effects": [
                {"name": "delta_z", "share": 0.463, "low": 0.41, "high": 0.5, "df": 8, "f": 12.25, "p": 1e-9},
                {"name": "residual", "share": 0.1, "low": 0.08, "high": 0.13, "df": 160},
            ],
        }
    ],
    "net_vs_optimum": {
        "signal": [0.1, 0.5],
        "regimes": [{"name": "structured", "delta_z": 0.15, "w": 0.1, "error": [0.01, 0.02]}],
    },
}
ORIGIN = {"command": "heddle toy", "version": "0.1.0", "machine": "2 cores"}


class FromToyTest(unittest.TestCase):
    def test_each_effect_is_a_row_with_the_paper_s_share(self):
        rows = [{**row, **ORIGIN} for row in from_toy.anova_rows(TOY)]
        self.assertEqual(
            tables.TABLES["toy_anova"].markdown(rows).splitlines()[2:4],
            [
                "| ood | delta_z | 0.46 (0.41 to 0.50) | 0.48 | 8 | 12.2 | 1e-09 |",
                "| ood | residual | 0.10 (0.08 to 0.13) | - | 160 | - | - |",
            ],
        )

    def test_each_regime_and_signal_level_is_a_row(self):
        rows = from_toy.match_rows(TOY)
        self.assertEqual(
            [(row["regime"], row["signal"], row["error"]) for row in rows],
            [("structured", 0.1, 0.01), ("structured", 0.5, 0.02)],
        )


class OriginTest(unittest.TestCase):
    def test_a_row_says_what_made_it_where_and_by_which_version(self):
        said = origin.origin("heddle toy")
        self.assertEqual(said["command"], "heddle toy")
        self.assertRegex(said["machine"], "^[0-9]+ cores, .")
        self.assertTrue(re.fullmatch(r"\d+\.\d+\.\d+", said["version"]))


if __name__ == "__main__":
    unittest.main()
