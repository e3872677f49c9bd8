#!/usr/bin/env python3
"""Writes the tables of docs/results.md from the rows in results/*.jsonl: make_tables.py [--check]

A page has regions `<!-- table: NAME -->` ... `<!-- /table -->`; what stands between is replaced by the table of that
name (tables.py). --check changes nothing, and fails if a page is not what the rows say.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from pathlib import Path

from table import Row, Table
from tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "results.md"]
REGION = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- /table -->)", re.S)


class ResultsError(Exception):
    pass


def read_rows(path: Path) -> list[Row]:
    if not path.is_file():
        raise ResultsError(f"{path.name} is not there: its table says which command writes it")
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    if not rows:
        raise ResultsError(f"{path.name} has no rows")
    return rows


def fill(page: str, tables: dict[str, Table], results: Path) -> str:
    """The page with every region replaced by its table."""

    def region(match: re.Match[str]) -> str:
        name = match[2]
        if name not in tables:
            raise ResultsError(f"there is no table '{name}'; there are: {', '.join(sorted(tables))}")
        table = tables[name]
        return f"{match[1]}{table.markdown(read_rows(results / table.file))}{match[3]}"

    filled, num_regions = REGION.subn(region, page)
    if num_regions != page.count("<!-- table:") or num_regions != page.count("<!-- /table -->"):
        raise ResultsError("a region is not closed: it begins with <!-- table: NAME --> and ends with <!-- /table -->")
    return filled


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the pages are up to date")
    only_check = parser.parse_args().check
    stale = False
    for path in PAGES:
        before = path.read_text()
        after = fill(before, TABLES, ROOT / "results")
        if only_check and after != before:
            stale = True
            name = str(path.relative_to(ROOT))
            diff = difflib.unified_diff(before.splitlines(), after.splitlines(), name, "what the rows say", lineterm="")
            print("\n".join([*diff, f"{name} is not up to date: make docs"]))
        elif after != before:
            path.write_text(after)
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ResultsError as error:
        print(f"make_tables: {error}", file=sys.stderr)
        sys.exit(1)
