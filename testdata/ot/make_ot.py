#!/usr/bin/env python3
"""Writes ot.json beside this file: entropic transport on small random clouds, by POT.

tools/peers.py pot testdata/ot/make_ot.py
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import ot

# n, m, size of a point, epsilon, (rho_a, rho_b) with None for an exact marginal, equal masses
CASES = [
    (5, 5, 2, 0.5, (None, None), True),
    (6, 4, 3, 0.1, (None, None), False),
    (4, 7, 1, 0.02, (None, None), False),
    (5, 6, 2, 0.5, (1.0, 1.0), False),
    (6, 5, 2, 0.2, (0.3, 2.0), False),
    (5, 5, 3, 0.1, (20.0, 20.0), True),
    (4, 6, 2, 0.3, (None, 1.0), False),
]


def kl(p: np.ndarray, q: np.ndarray) -> float:
    return float(np.sum(p * np.log(p / q) - p + q))


def solve(cost: np.ndarray, a: np.ndarray, b: np.ndarray, epsilon: float, rho: tuple) -> np.ndarray:
    """The plan, to many digits."""
    warnings.filterwarnings("ignore", message="If reg_type")
    if rho == (None, None):
        return ot.sinkhorn(a, b, cost, epsilon, method="sinkhorn_log", numItermax=1_000_000, stopThr=1e-13)
    weights = tuple(float("inf") if r is None else r for r in rho)
    return ot.unbalanced.sinkhorn_unbalanced(
        a, b, cost, epsilon, weights, method="sinkhorn", reg_type="kl", numItermax=1_000_000, stopThr=1e-14
    )


def objective(plan, cost, a, b, epsilon, rho) -> float:
    value = float(np.sum(plan * cost)) + epsilon * kl(plan, np.outer(a, b))
    for weight, sums, mass in zip(rho, (plan.sum(1), plan.sum(0)), (a, b), strict=True):
        value += 0.0 if weight is None else weight * kl(sums, mass)
    return value


def main() -> None:
    random = np.random.default_rng(20)
    cases = []
    for n, m, size, epsilon, rho, equal in CASES:
        x = random.normal(size=(n, size))
        y = random.normal(size=(m, size)) + 0.5
        a = np.full(n, 1 / n) if equal else random.dirichlet(np.full(n, 5.0))
        b = np.full(m, 1 / m) if equal else random.dirichlet(np.full(m, 5.0))
        cost = ot.dist(x, y, metric="sqeuclidean")
        plan = solve(cost, a, b, epsilon, rho)
        cases.append(
            {
                "x": x.tolist(),
                "y": y.tolist(),
                "a": a.tolist(),
                "b": b.tolist(),
                "epsilon": epsilon,
                "rho": list(rho),
                "cost_matrix": cost.tolist(),
                "euclidean_matrix": ot.dist(x, y, metric="euclidean").tolist(),
                "plan": plan.tolist(),
                "cost": float(np.sum(plan * cost)),
                "objective": objective(plan, cost, a, b, epsilon, rho),
            }
        )
    Path(__file__).with_name("ot.json").write_text(json.dumps({"pot": ot.__version__, "cases": cases}, indent=0) + "\n")


if __name__ == "__main__":
    main()
