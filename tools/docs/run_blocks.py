#!/usr/bin/env python3
"""Runs the command blocks of the documents: run_blocks.py KIND --heddle PATH_OF_THE_BINARY

Every ```sh block of README.md, CONTRIBUTING.md and docs/ has a line right before it that says how it is tested:

    <!-- test: fast -->    run by `make test`
    <!-- test: slow -->    run by `make check-all`
    <!-- test: setup -->   the main commands, which cannot run inside of themselves: .ci/run or tools/check-all does

The blocks of one page run in order, each in a bash of its own, in one empty folder with `heddle` on the path; with
`here` after the kind, in the root of the checkout. A block without such a line is an error, and a fence without a
language.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^\s*```(\S*)\s*$")
DIRECTIVE = re.compile(r"^<!-- test: (fast|slow|setup)( here)? -->$")
OTHER_NAMES_OF_SH = {"bash", "shell", "console", "zsh", "shell-session"}
# What stands before the main commands in the README, and needs no test.
GETTING_THE_SOURCE = re.compile(r"^(git clone \S+|cd heddle)$")


class Block(NamedTuple):
    page: str
    line: int
    kind: str
    here: bool
    text: str


class PageError(Exception):
    pass


def parse(page: str, text: str) -> list[Block]:
    """The sh blocks of a page; PageError if a block does not say how it is tested."""
    blocks: list[Block] = []
    lines = text.splitlines()
    before, number = "", 0
    while number < len(lines):
        line = lines[number]
        fence = FENCE.match(line)
        if not fence:
            before = line.strip() or before
            number += 1
            continue
        end = next((i for i in range(number + 1, len(lines)) if lines[i].strip() == "```"), None)
        place = f"{page}:{number + 1}"
        if end is None:
            raise PageError(f"{place}: this fence is never closed")
        if not fence[1]:
            raise PageError(f"{place}: say what this block is: sh, text, yaml, ...")
        if fence[1] in OTHER_NAMES_OF_SH:
            raise PageError(f"{place}: write commands as ```sh, so that they are tested, and output as ```text")
        if fence[1] == "sh":
            directive = DIRECTIVE.match(before)
            if not directive:
                raise PageError(f"{place}: say before this block how it is tested: <!-- test: fast -->, slow or setup")
            body = "\n".join(lines[number + 1 : end]) + "\n"
            blocks.append(Block(page, number + 1, directive[1], directive[2] is not None, body))
        before, number = "", end + 1
    return blocks


def check_setup(block: Block, scripts: str) -> None:
    """PageError unless each of the block's commands stands in `scripts`."""
    for line in block.text.splitlines():
        command = line.split("#")[0].strip()
        as_words = re.compile(rf"(?<![\w-]){re.escape(command)}(?![\w-])")
        if command and not GETTING_THE_SOURCE.match(command) and not as_words.search(scripts):
            raise PageError(f"{block.page}:{block.line}: neither .ci/run nor tools/check-all runs '{command}'")


def run(block: Block, folder: Path, heddle: Path) -> bool:
    path = os.pathsep.join([str(heddle.parent), str(ROOT / ".venv" / "bin"), os.environ["PATH"]])
    begin = time.monotonic()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=ROOT if block.here else folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED with {done.returncode}"
    print(f"{block.page}:{block.line}: {verdict} ({time.monotonic() - begin:.1f} s)", flush=True)
    if done.returncode != 0:
        print(block.text + "--- gave ---\n" + done.stdout)
    return done.returncode == 0


def pages() -> list[str]:
    named = [name for name in ("README.md", "CONTRIBUTING.md") if (ROOT / name).exists()]
    return named + sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["fast", "slow"])
    parser.add_argument("--heddle", type=Path, required=True, help="the binary that the blocks call")
    arguments = parser.parse_args()
    scripts = "".join((ROOT / name).read_text() for name in (".ci/run", "tools/check-all"))
    failed = num_run = 0
    for page in pages():
        try:
            blocks = parse(page, (ROOT / page).read_text())
            for block in blocks:
                if block.kind == "setup":
                    check_setup(block, scripts)
        except PageError as error:
            print(error)
            failed += 1
            continue
        with tempfile.TemporaryDirectory(prefix="heddle-docs-") as folder:
            for block in blocks:
                if block.kind == arguments.kind:
                    num_run += 1
                    failed += not run(block, Path(folder), arguments.heddle.resolve())
    print(f"{num_run} {arguments.kind} blocks, {failed} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
