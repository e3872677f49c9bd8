"""Arms and the answer of the sweep over w, from trials with a known truth."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from cotrain import by_arm, sweep_over_w, wilson


def trial(w: float | str, share: float, success: int, seed: int = 0, error: float = 0.2, method: str = "mix") -> dict:
    holdout = {"action_error/robot": error, "probe/z/sim": 0.5, "sliced_wasserstein/z/sim": 0.1}
    return {"method": method, "w": w, "share": share, "set": [], "seed": seed, "success": success} | {
        "episodes": 200,
        "holdout": holdout,
    }


class CotrainTest(unittest.TestCase):
    def test_an_interval_holds_its_rate_and_never_leaves_0_to_1(self):
        for successes in (0, 1, 100, 199, 200):
            rate, low, high = wilson(successes, 200)
            for lower, upper in ((0, low), (low, rate), (rate, high), (high, 1)):
                self.assertLessEqual(lower, upper + 1e-12)
        self.assertAlmostEqual(wilson(50, 100)[1], 0.4038, places=4)

    def test_seeds_of_an_arm_stand_in_one_row_and_methods_apart(self):
        rows = [trial(1, 1.0, 5, seed=1), trial(1, 1.0, 4, seed=0), trial(1, 1.0, 9, method="cfg")]
        arms = {row["arm"]: row["each"] for row in by_arm(rows)}
        self.assertEqual(arms, {"mix": "4/200, 5/200", "cfg": "9/200"})

    def test_a_clear_best_outside_the_range_leaves_no_chance_inside_and_its_regret(self):
        rows = [trial("low", 0.05, 10), trial("high", 0.2, 20, error=0.1), trial(0.8, 0.8, 120)]
        (answer,) = sweep_over_w(rows)
        self.assertEqual((answer["best"], answer["searched"], answer["inside"]), (0.8, 0.2, 0))
        self.assertAlmostEqual(answer["regret"][0], 0.5, delta=0.03)
        self.assertLess(answer["regret"][1], answer["regret"][0])

    def test_seeds_that_differ_widen_what_is_possible(self):
        steady = [trial("low", 0.05, 30, seed) for seed in range(3)] + [trial("high", 0.2, 40, s) for s in range(3)]
        shaky = [trial("low", 0.05, 30, s) for s in range(3)]
        shaky += [trial("high", 0.2, success, seed) for seed, success in enumerate((0, 40, 80))]
        width = [row["regret"][2] - row["regret"][1] for rows in (steady, shaky) for row in sweep_over_w(rows)]
        self.assertLess(width[0], width[1])

    def test_without_both_ends_of_the_range_nothing_is_said(self):
        self.assertEqual(sweep_over_w([trial("low", 0.05, 1)]), [])


if __name__ == "__main__":
    unittest.main()
