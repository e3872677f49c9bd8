"""Transport on random clouds, ours against POT's: pot_peer.py PROBE

Plans are compared entry by entry, and sums <P, C> and objectives; masses sum to 1, so 1e-5 is a part of all mass.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import unittest
import warnings

import numpy as np
import ot

PROBE = sys.argv.pop(1)
ALLOWED = 1e-5
SIZES = ((20, 20, 2), (60, 40, 8), (128, 128, 32))
EPSILONS = (1.0, 0.1, 0.03)  # of a cost whose mean is 1
RHOS = ((0.1, 0.1), (1.0, 1.0), (10.0, 10.0), (0.5, 5.0), (None, 1.0))


def kl(p: np.ndarray, q: np.ndarray) -> float:
    return float(np.sum(np.where(p > 0, p * np.log(np.maximum(p, 1e-300) / q), 0) - p + q))


class Pot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = subprocess.Popen([PROBE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.worst = {"plan": 0.0, "cost": 0.0, "objective": 0.0}
        cls.count = 0

    @classmethod
    def tearDownClass(cls):
        cls.probe.stdin.close()
        cls.probe.stdout.close()
        cls.probe.wait()
        print(f"{cls.count} clouds; largest differences {cls.worst}")

    def ours(self, cost, a, b, epsilon, rho):
        question = {
            "cost": cost.tolist(),
            "a": a.tolist(),
            "b": b.tolist(),
            "epsilon": epsilon,
            "rho": rho,
            "tolerance": 1e-9,
        }
        self.probe.stdin.write(json.dumps(question) + "\n")
        self.probe.stdin.flush()
        answer = json.loads(self.probe.stdout.readline())
        self.assertTrue(answer["converged"], answer)
        answer["plan"] = np.reshape(answer["plan"], cost.shape)
        return answer

    def clouds(self):
        random = np.random.default_rng(41)
        for (n, m, size), equal in itertools.product(SIZES, (True, False)):
            x = random.normal(size=(n, size))
            y = random.normal(size=(m, size)) * random.uniform(0.5, 1.5) + random.normal(size=size) * 0.5
            cost = ot.dist(x, y)
            a = np.full(n, 1 / n) if equal else random.dirichlet(np.full(n, 3.0))
            b = np.full(m, 1 / m) if equal else random.dirichlet(np.full(m, 3.0))
            yield cost / cost.mean(), a, b

    def compare(self, plan, cost, a, b, epsilon, rho):
        ours = self.ours(cost, a, b, epsilon, rho)
        objective = float(np.sum(plan * cost)) + epsilon * kl(plan, np.outer(a, b))
        for weight, sums, mass in zip(rho, (plan.sum(1), plan.sum(0)), (a, b), strict=True):
            objective += 0.0 if weight is None else weight * kl(sums, mass)
        differences = {
            "plan": float(np.abs(plan - ours["plan"]).max()),
            "cost": abs(float(np.sum(plan * cost)) - ours["cost"]),
            "objective": abs(objective - ours["objective"]),
        }
        for key, difference in differences.items():
            self.worst[key] = max(self.worst[key], difference)
            self.assertLess(difference, ALLOWED, (key, cost.shape, epsilon, rho))
        type(self).count += 1

    def test_balanced(self):
        for (cost, a, b), epsilon in itertools.product(self.clouds(), EPSILONS):
            plan = ot.sinkhorn(a, b, cost, epsilon, method="sinkhorn_log", numItermax=20_000, stopThr=1e-10)
            self.compare(plan, cost, a, b, epsilon, (None, None))

    def test_unbalanced(self):
        warnings.filterwarnings("ignore", message="If reg_type")
        for (cost, a, b), epsilon, rho in itertools.product(self.clouds(), EPSILONS, RHOS):
            weights = tuple(float("inf") if r is None else r for r in rho)
            plan = ot.unbalanced.sinkhorn_unbalanced(
                a, b, cost, epsilon, weights, method="sinkhorn", reg_type="kl", numItermax=100_000, stopThr=1e-12
            )
            self.compare(plan, cost, a, b, epsilon, rho)

    def test_unbalanced_stabilised(self):
        for (cost, a, b), rho in itertools.product(self.clouds(), RHOS[:3]):
            plan = ot.unbalanced.sinkhorn_unbalanced(
                a, b, cost, 0.1, rho, method="sinkhorn_stabilized", reg_type="kl", numItermax=50_000, stopThr=1e-12
            )
            self.compare(plan, cost, a, b, 0.1, rho)


if __name__ == "__main__":
    unittest.main()
