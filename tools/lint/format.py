#!/usr/bin/env python3
"""Checks the format of C++ (clang-format) and Python (ruff); `make format` mends it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tree import ROOT, Finding, report, tracked_files

BIN = ROOT / ".venv" / "bin"
FILES_AT_ONCE = 16
PLACE = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):\d+: (error: )?(?P<text>.*)$", re.M)


def is_script(path: Path) -> bool:
    """Whether this file without suffix is Python by its first line."""
    with open(path, "rb") as file:
        return path.suffix == "" and re.match(rb"#!.*python3", file.readline()) is not None


def run(tool: str, *arguments: str, root: Path) -> tuple[int, str]:
    if not (BIN / tool).exists():
        raise FileNotFoundError(f".venv has no {tool}: run `make setup`")
    done = subprocess.run(
        [str(BIN / tool), *arguments],
        cwd=root,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout


def check_cpp(files: list[str], root: Path = ROOT) -> list[Finding]:
    """The first misplaced line of each file."""

    def first_lines(part: list[str]) -> list[Finding]:
        status, output = run("clang-format", "--dry-run", "-Werror", "--ferror-limit=1", *part, root=root)
        found = {
            m["path"]: Finding(m["path"], int(m["line"]), "not as clang-format writes it: make format")
            for m in reversed(list(PLACE.finditer(output)))
        }
        return list(found.values()) if found or status == 0 else [Finding(part[0], 0, output)]

    parts = [files[i : i + FILES_AT_ONCE] for i in range(0, len(files), FILES_AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return sorted(finding for findings in pool.map(first_lines, parts) for finding in findings)


def check_python(files: list[str], root: Path = ROOT) -> list[Finding]:
    """Where ruff would write it otherwise, and what it finds wrong."""
    findings: list[Finding] = []
    for command in (["format", "--check"], ["check"]) if files else ():
        status, output = run("ruff", *command, "--quiet", "--output-format=concise", *files, root=root)
        found = [Finding(m["path"], int(m["line"]), m["text"]) for m in PLACE.finditer(output)]
        findings += found if found or status == 0 else [Finding(files[0], 0, output)]
    return findings


def main() -> int:
    cpp = tracked_files(suffixes=(".h", ".cc"))
    python = [path for path in tracked_files() if path.endswith(".py") or is_script(ROOT / path)]
    return report("format", len(cpp) + len(python), check_cpp(cpp) + check_python(python))


if __name__ == "__main__":
    sys.exit(main())
