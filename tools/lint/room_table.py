#!/usr/bin/env python3
"""Checks the table of rooms in docs/architecture.md against what CMake has: room_table.py ROOMS_TXT"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tree import ROOT, Finding, report

PAGE = "docs/architecture.md"
ROW = re.compile(r"^\| `(\w+)` \|.*\|([^|]*)\|$")
HEADER = "| room |"


def read_table(page: str) -> dict[str, tuple[int, list[str]]]:
    """Each room of the table with its line and what it sees."""
    rooms = {}
    inside = False
    for number, line in enumerate(page.splitlines(), 1):
        inside = line.startswith(HEADER) or (inside and line.startswith("|"))
        row = ROW.match(line) if inside else None
        if row:
            rooms[row[1]] = (number, re.findall(r"`(\w+)`", row[2]))
    return rooms


def check(page: str, rooms_txt: str) -> list[Finding]:
    declared = {
        name: seen.split(",") if seen else [] for name, _, seen in (x.partition("=") for x in rooms_txt.split())
    }
    table = read_table(page)
    findings = [Finding(PAGE, 0, f"the table of rooms lacks {name}") for name in declared if name not in table]
    for name, (line, seen) in table.items():
        if name not in declared:
            findings.append(Finding(PAGE, line, f"there is no room {name}"))
        elif sorted(seen) != sorted(declared[name]):
            findings.append(Finding(PAGE, line, f"{name} sees {', '.join(declared[name]) or 'no room'}"))
    return findings


def main() -> int:
    return report("room table", 1, check((ROOT / PAGE).read_text(), Path(sys.argv[1]).read_text()))


if __name__ == "__main__":
    sys.exit(main())
