"""What the checks of tools/lint share: which files there are, what a finding is, and how findings are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Finding(NamedTuple):
    path: str
    line: int  # counted from 1; 0 if it is about the whole file
    text: str  # what is wrong and how to mend it


def tracked_files(root: Path = ROOT, suffixes: tuple[str, ...] = ()) -> list[str]:
    """The paths below `root` that git tracks and that exist, all of them or those ending in one of `suffixes`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and (not suffixes or name.endswith(suffixes))]
    return [name for name in names if (root / name).is_file()]


def read_text(path: Path) -> str | None:
    """The file's text, or None if it is not text."""
    data = path.read_bytes()
    return None if b"\0" in data[:8192] else data.decode(errors="replace")


def report(check: str, num_files: int, findings: list[Finding]) -> int:
    """Prints the findings as `path:line: text` and returns the exit status."""
    for path, line, text in findings:
        print(f"{path}:{line}: {text}" if line else f"{path}: {text}")
    verdict = f"{len(findings)} finding(s)" if findings else "clean"
    print(f"{check}: {num_files} files, {verdict}", file=sys.stderr)
    return 1 if findings else 0
