"""Which single detail moves the toy's analysis of variance most: from rows of results/toy_sensitivity.jsonl."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Grid = list[list[float]]

DELTA_Z = [0.01, 0.1, 0.5, 1, 3, 5, 10, 20, 50]
W = [0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]


def shares_of(log_loss: Grid) -> dict[str, float]:
    """Shares of the sum of squares of rows (Δz), columns (w) and the rest, of one seed or of means over seeds."""
    rows, columns = len(log_loss), len(log_loss[0])
    mean = sum(map(sum, log_loss)) / (rows * columns)
    row_means = [sum(row) / columns for row in log_loss]
    column_means = [sum(row[j] for row in log_loss) / rows for j in range(columns)]
    total = sum((x - mean) ** 2 for row in log_loss for x in row)
    by_row = columns * sum((m - mean) ** 2 for m in row_means) / total
    by_column = rows * sum((m - mean) ** 2 for m in column_means) / total
    return {"delta_z": by_row, "w": by_column, "interaction": 1 - by_row - by_column}


def mean_grid(rows: list[Row], key: str) -> Grid:
    cells = range(len(DELTA_Z)), range(len(W))
    return [[sum(row[key][i][j] for row in rows) / len(rows) for j in cells[1]] for i in cells[0]]


def extreme(grid: Grid, best: bool) -> list[float]:
    """(Δz, w) of the least or greatest loss."""
    cells = ((grid[i][j], i, j) for i in range(len(grid)) for j in range(len(grid[0])))
    _, i, j = min(cells) if best else max(cells)
    return [DELTA_Z[i], W[j]]


def variants(rows: list[Row]) -> list[Row]:
    """One object a variant, in the order of its first row: shares and extremes of the means over its seeds."""
    found = []
    for name in dict.fromkeys(row["variant"] for row in rows):
        own = [row for row in rows if row["variant"] == name]
        shares = shares_of(mean_grid(own, "log_ood"))
        whole = mean_grid(own, "log_whole")
        found.append(
            {
                "name": name,
                "what": own[0]["what"],
                "seeds": len(own),
                "shares": {effect: round(share, 3) for effect, share in shares.items()},
                "best": extreme(whole, best=True),
                "worst": extreme(whole, best=False),
            }
        )
    return found


def study(rows: list[Row]) -> Row:
    """What toy.json carries. A variant is compared with the baseline over the same seeds, not over more of them."""
    found = variants(rows)
    baseline, others = found[0], found[1:]

    def distance(variant: Row) -> float:
        seeds = {row["seed"] for row in rows if row["variant"] == variant["name"]}
        same = [row for row in rows if row["variant"] == baseline["name"] and row["seed"] in seeds]
        shares = shares_of(mean_grid(same, "log_ood"))
        return sum(abs(variant["shares"][effect] - shares[effect]) for effect in shares)

    return {"baseline": baseline, "variants": others, "moves_most": max(others, key=distance)["name"]}
