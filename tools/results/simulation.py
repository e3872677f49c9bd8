"""What the rows of the simulation say: its speed beside robosuite's, and its experts by gap and strategy."""

from __future__ import annotations

from table import Cell, Row

STRATEGIES = ("safe-handle", "fast-handle", "safe-rim", "fast-rim")


def by_gap(rows: list[Row]) -> list[Row]:
    """One row for each gap and nuts, the strategies side by side."""
    cells: dict[tuple[str, str], Row] = {}
    for row in rows:
        cell = cells.setdefault((row["gap"], row["nuts"]), {"gap": row["gap"], "nuts": row["nuts"]})
        cell[row["strategy"]] = row
    return [cell for cell in cells.values() if all(strategy in cell for strategy in STRATEGIES)]


def successes(strategy: str) -> Cell:
    """198/200 (0.96 to 1.00), 214: successes, interval, mean steps."""

    def cell(row: Row) -> str:
        of = row[strategy]
        interval = f"{of['rate_low']:.2f} to {of['rate_high']:.2f}"
        return f"{of['successes_end']}/{of['episodes']} ({interval}), {of['mean_steps']:.0f}"

    return cell


def failures(row: Row) -> str:
    counts: dict[str, int] = {}
    for strategy in STRATEGIES:
        for label, count in row[strategy]["failures"].items():
            counts[label] = counts.get(label, 0) + count
    return ", ".join(f"{label} {count}" for label, count in sorted(counts.items())) or "-"


def simulation_speed(rows: list[Row]) -> list[Row]:
    """One row a comparison, of the one row that a run leaves: each figure is (median, lowest, highest)."""
    row = rows[-1]

    def line(what: str, ratio: str, theirs: str = "", ours: str = "") -> Row:
        middle, low, high = row[ratio]
        rates = {"theirs": row[theirs][0] if theirs else None, "ours": row[ours][0] if ours else None}
        return {"what": what, "middle": middle, "low": low, "high": high} | rates

    return [
        line("one square nut, no cameras", "ratio_square", "robosuite", "square"),
        line("both nuts, no cameras", "ratio_both", "robosuite", "both"),
        line("against robosuite's physics alone", "ratio_physics", "robosuite_physics_alone", "square"),
        line("two cameras of 84 x 84, in software", "ratio_cameras", "robosuite_cameras", "cameras"),
        line("two threads: share of twice the rate of one", "efficiency_2", "", "threads_2"),
        line("the same with two cameras", "efficiency_2_cameras", "", "cameras_threads_2"),
    ]
