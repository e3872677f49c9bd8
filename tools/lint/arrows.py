#!/usr/bin/env python3
"""Checks every include against the arrows between rooms: arrows.py ROOMS_TXT

ROOMS_TXT is what CMake writes into the build folder, one `room=seen,seen` a line. A room may include itself, the rooms
that it sees, and what those see; apps, benchmarks and tests outside the rooms may include any. The headers that pull in
all of torch stand in no header, and in those sources only that are named here.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tree import ROOT, Finding, read_text, report, tracked_files

# Sources that may include torch/torch.h (a minute and a gigabyte and a half to compile); each with its reason.
MAY_INCLUDE_TORCH: dict[str, str] = {}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
WHOLE_TORCH = re.compile(r"^torch/(torch|all|extension|nn|optim|data|jit|serialize)\.h$")

Rooms = dict[str, frozenset[str]]


def read_rooms(text: str) -> Rooms:
    """Each room with all that it may include: itself, what it sees, what those see. Rooms come in dependency order."""
    rooms: Rooms = {}
    for line in text.split():
        name, _, seen = line.partition("=")
        reached = {name}
        for other in filter(None, seen.split(",")):
            if other not in rooms:
                raise ValueError(f"room {name} sees {other}, which is not declared before it")
            reached |= rooms[other]
        rooms[name] = frozenset(reached)
    return rooms


def room_of(path: str) -> str | None:
    parts = path.split("/")
    return parts[1] if parts[0] == "heddle" and len(parts) > 2 else None


def check_include(path: str, bracket: str, included: str, rooms: Rooms) -> str | None:
    """What is wrong with this include, or None."""
    if WHOLE_TORCH.match(included):
        if path.endswith(".h"):
            return f"{included} stands in no header: include <ATen/core/Tensor.h>, and the rest in the source"
        if path not in MAY_INCLUDE_TORCH:
            return f"{included} is for the sources that tools/lint/arrows.py names"
    here, there = room_of(path), room_of(included)
    if there and there not in rooms:
        return f"there is no room '{there}'"
    if here and there and there not in rooms[here]:
        return f"room {here} does not see room {there} (CMakeLists.txt has the arrows)"
    if here and not there and bracket == '"':
        return f'"{included}" is written from the root: "heddle/<room>/<file>"'
    return None


def check(path: str, text: str, rooms: Rooms) -> list[Finding]:
    here = room_of(path)
    if here and here not in rooms:
        return [Finding(path, 0, f"room {here} is not declared in CMakeLists.txt")]
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        wrong = check_include(path, match[1], match[2], rooms) if match else None
        if wrong:
            findings.append(Finding(path, number, wrong))
    return findings


def main() -> int:
    rooms = read_rooms(Path(sys.argv[1]).read_text())
    files = tracked_files(suffixes=(".h", ".cc"))
    findings = [finding for path in files for finding in check(path, read_text(ROOT / path) or "", rooms)]
    return report("arrows", len(files), findings)


if __name__ == "__main__":
    sys.exit(main())
