"""What the trials of co-training say: arms, and whether the best w lies where the guideline looks for it."""

from __future__ import annotations

import random
from typing import Any

Row = dict[str, Any]

DRAWS = 4000
HELD_OUT = "action_error/robot"


def wilson(successes: int, n: int) -> list[float]:
    """A rate with its 95 % interval, all episodes taken as one sample."""
    z2 = 1.959964**2
    rate = successes / n
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 * (rate * (1 - rate) / n + z2 / (4 * n * n))) ** 0.5 / (1 + z2 / n)
    return [rate, middle - half, middle + half]


def mean_of(trials: list[Row], key: str) -> float:
    return sum(row["holdout"][key] for row in trials) / len(trials)


def by_arm(rows: list[Row]) -> list[Row]:
    """One row for each method, w and setting; its training seeds side by side."""
    arms: dict[tuple[str, float, str], list[Row]] = {}
    for row in rows:
        arms.setdefault((row["method"], row["share"], ", ".join(row["set"])), []).append(row)
    told = []
    for (method, share, settings), trials in sorted(arms.items()):
        trials = sorted(trials, key=lambda row: row["seed"])
        told.append(
            {
                **trials[0],
                "arm": method + (f" ({settings})" if settings else ""),
                "share": share,
                "each": ", ".join(f"{row['success']}/{row['episodes']}" for row in trials),
                "wilson": wilson(sum(row["success"] for row in trials), sum(row["episodes"] for row in trials)),
                "probe": mean_of(trials, "probe/z/sim"),
                "distance": mean_of(trials, "sliced_wasserstein/z/sim"),
                "held_out": mean_of(trials, HELD_OUT),
            }
        )
    return told


def drawn_rate(trials: list[Row], chance: random.Random) -> float:
    """A success rate that the trials leave possible: training seeds drawn anew, then a rate from their episodes."""
    chosen = chance.choices(trials, k=len(trials))
    successes = sum(row["success"] for row in chosen)
    return chance.betavariate(0.5 + successes, 0.5 + sum(row["episodes"] for row in chosen) - successes)


def sweep_over_w(rows: list[Row]) -> list[Row]:
    """The answer of plain mixing's trials at all w: which is best, what others lose, does the best lie in the range."""
    trials: dict[float, list[Row]] = {}
    for row in rows:
        if row["method"] == "mix" and not row["set"]:
            trials.setdefault(row["share"], []).append(row)
    named = {str(row["w"]): row["share"] for row in rows}
    low, high = named.get("low"), named.get("high")
    if low is None or high is None:
        return []
    inside = [w for w in trials if low <= w <= high]
    searched = min(inside, key=lambda w: mean_of(trials[w], HELD_OUT))
    chance = random.Random(1)
    draws = [{w: drawn_rate(trials[w], chance) for w in sorted(trials)} for _ in range(DRAWS)]
    best = max(trials, key=lambda w: sum(r["success"] for r in trials[w]) / sum(r["episodes"] for r in trials[w]))
    regrets = sorted(max(draw.values()) - draw[searched] for draw in draws)
    return [
        {
            **rows[0],
            "values": len(trials),
            "runs": sum(map(len, trials.values())),
            "range": f"{low:.3g} to {high:.3g}",
            "best": best,
            "searched": searched,
            "regret": [sum(regrets) / DRAWS, regrets[DRAWS // 40], regrets[-DRAWS // 40]],
            "inside": sum(max(draw, key=draw.__getitem__) in inside for draw in draws) / DRAWS,
        }
    ]
