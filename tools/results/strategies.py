"""What the episodes of benchmarks/strategies say: how each acted, beside the demonstrations of either strategy."""

from __future__ import annotations

import statistics
from typing import Any

from cotrain import wilson

Row = dict[str, Any]


def told(row: Row) -> Row:
    """Of one evaluation or strategy: how many succeeded, their steps, their pace, and how many were at the fast one."""
    paces = sorted(row["paces"])
    quarter = len(paces) // 4
    steps = row.get("steps_of_successes")
    return row | {
        "rate": wilson(row["success"], row["episodes"]),
        "steps": f"{statistics.median(steps):.0f}" if steps else "-",
        "pace": [statistics.median(paces), paces[quarter], paces[-1 - quarter]],
        "fast": wilson(sum(pace > row["middle"] for pace in paces), len(paces)),
    }


def acted(rows: list[Row]) -> list[Row]:
    return [told(row) for row in rows]
