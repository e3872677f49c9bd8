"""What the episodes of benchmarks/strategies say: how each acted, beside the demonstrations of either strategy."""

from __future__ import annotations

import statistics
from typing import Any

from cotrain import wilson

Row = dict[str, Any]


def told(row: Row, against: Row | None) -> Row:
    """Of one evaluation or strategy: successes, their steps, pace, and how often it was faster than `against` was in
    the same episode."""
    paces = sorted(row["paces"])
    quarter = len(paces) // 4
    steps = row.get("steps_of_successes")
    said = row | {
        "rate": wilson(row["success"], row["episodes"]),
        "steps": f"{statistics.median(steps):.0f}" if steps else "-",
        "pace": [statistics.median(paces), paces[quarter], paces[-1 - quarter]],
        "faster": "-",
    }
    if against and "steps_of_successes" in row and against["what"] != row["what"]:
        pairs = list(zip(row["paces"], against["paces"], strict=True))
        rate, low, high = wilson(sum(own > other for own, other in pairs), len(pairs))
        said["faster"] = f"{rate:.2f} ({low:.2f} to {high:.2f})"
    return said


def acted(rows: list[Row]) -> list[Row]:
    safe = next((row for row in rows if row["what"] == "told safe"), None)
    return [told(row, safe) for row in rows]
