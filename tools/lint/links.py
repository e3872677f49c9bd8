#!/usr/bin/env python3
"""Checks that every relative link and anchor in the tracked Markdown files leads somewhere that is tracked."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Callable, Iterator

from tree import ROOT, Finding, report, tracked_files

FENCE = re.compile(r"^\s*(```|~~~)")
CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)*\1")
INLINE = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)")
HTML = re.compile(r'<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"')
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
EXPLICIT_ANCHOR = re.compile(r'<a\s+(?:id|name)="([^"]+)"')
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside code blocks, numbered from 1."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def slug(heading: str) -> str:
    """The anchor that the usual renderers give a heading."""
    heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(text: str) -> set[str]:
    found: set[str] = set()
    for _, line in prose_lines(text):
        found.update(EXPLICIT_ANCHOR.findall(line))
        heading = HEADING.match(line)
        if heading:
            name = base = slug(heading[1])
            count = 0
            while name in found:
                count += 1
                name = f"{base}-{count}"
            found.add(name)
    return found


def links(text: str) -> Iterator[tuple[int, str]]:
    for number, line in prose_lines(text):
        line = CODE_SPAN.sub("", line)
        for pattern in (INLINE, REFERENCE, HTML):
            for match in pattern.finditer(line):
                yield number, match[1]


def check(page: str, text: str, is_there: Callable[[str], bool], text_of: Callable[[str], str]) -> list[Finding]:
    """The dead links of the page at path `page`."""
    findings = []
    for number, link in links(text):
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        goal = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if path and not is_there(goal):
            findings.append(Finding(page, number, f"dead link: {link} (there is no {goal})"))
        elif anchor and goal.endswith(".md") and anchor not in anchors(text if goal == page else text_of(goal)):
            findings.append(Finding(page, number, f"dead link: {link} (no such heading)"))
    return findings


def main() -> int:
    files = tracked_files()
    there = set(files) | {posixpath.dirname(path) for path in files}
    pages = [path for path in files if path.endswith(".md")]

    def text_of(path: str) -> str:
        return (ROOT / path).read_text()

    findings = [finding for page in pages for finding in check(page, text_of(page), there.__contains__, text_of)]
    return report("links", len(pages), findings)


if __name__ == "__main__":
    sys.exit(main())
