"""A table of docs/results.md: cells of rows.

A row is one JSON object of results/<file>. Beside its figures it says where it comes from, once for all rows of a run:
`command` (what makes it, as typed in the root of the checkout), `machine` (in words) and `version`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Cell = Callable[[Row], str]


def figure(key: str, form: str = "", missing: str = "") -> Cell:
    """The value of `key`, formatted; `missing` (an error if empty) where the row has none."""

    def cell(row: Row) -> str:
        if row.get(key) is None:
            if not missing:
                raise KeyError(f"this row has no '{key}': {row}")
            return missing
        return format(row[key], form)

    return cell


def spread(middle: str, low: str, high: str, form: str = "") -> Cell:
    """A figure with its interval: 8.1 (7.9 to 8.4)."""
    return lambda row: f"{row[middle]:{form}} ({row[low]:{form}} to {row[high]:{form}})"


def three(key: str, form: str = "") -> Cell:
    """A figure that stands in the row as [middle, low, high]."""
    return lambda row: f"{row[key][0]:{form}} ({row[key][1]:{form}} to {row[key][2]:{form}})"


def middle_of_three(key: str, form: str = "") -> Cell:
    return lambda row: f"{row[key][0]:{form}}"


@dataclass(frozen=True)
class Table:
    file: str
    columns: dict[str, Cell]
    prepare: Callable[[list[Row]], list[Row]] = list  # chooses, sorts or sums up the rows

    def markdown(self, rows: list[Row]) -> str:
        shown = self.prepare(rows)
        lines = ["| " + " | ".join(self.columns) + " |", "| " + " | ".join("---" for _ in self.columns) + " |"]
        lines += ["| " + " | ".join(cell(row) for cell in self.columns.values()) + " |" for row in shown]
        return "\n".join([*lines, "", *origins(rows), ""])


def origins(rows: list[Row]) -> list[str]:
    """One line for each run that the rows come from."""
    said = dict.fromkeys(
        f"Made by `{row['command']}` with heddle {row['version']} on {row['machine']}." for row in rows
    )
    return list(said)
