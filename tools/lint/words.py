#!/usr/bin/env python3
"""Checks the tracked files for what must not be committed: paths of one machine, addresses of package registries,
things left open, and large files."""

from __future__ import annotations

import re
import sys

from tree import ROOT, Finding, read_text, report, tracked_files

LARGEST_BYTES = 1_000_000
# Written so that no pattern matches its own line.
FORBIDDEN = [
    (
        re.compile(
            r"\b(pypi\.org|pythonhosted\.org|download\.pytorch\.org|registry\.npmjs\.org|deb\.debian\.org|anaconda\.org)"
        ),
        "name the package, not the registry: the user's own client knows where it is",
    ),
    (
        re.compile(r'--(?:extra-)?index[-]url|--find[-]links|^\s*registry\s*=|"resolved":\s*"http'),
        "where packages come from is the user's setting, not ours",
    ),
    (re.compile(r"(?:-[IL]|(?<![\w.}~*-]))/(?:(?:root|work)/\w|(?:home|Users)/\w+/)"), "a path of one machine"),
    (re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b"), "do it, or write down elsewhere that it is left"),
]


def check(path: str, text: str) -> list[Finding]:
    return [
        Finding(path, number, f"'{match[0]}': {why}")
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, why in FORBIDDEN
        if (match := pattern.search(line))
    ]


def check_size(path: str, num_bytes: int) -> list[Finding]:
    if num_bytes <= LARGEST_BYTES:
        return []
    return [
        Finding(
            path,
            0,
            f"{num_bytes / 1e6:.1f} MB: nothing above {LARGEST_BYTES / 1e6:.0f} MB is committed; "
            "generate it, or keep a smaller sample",
        )
    ]


def main() -> int:
    files = tracked_files()
    findings = []
    for path in files:
        findings += check_size(path, (ROOT / path).stat().st_size)
        findings += check(path, read_text(ROOT / path) or "")
    return report("words", len(files), findings)


if __name__ == "__main__":
    sys.exit(main())
