#!/usr/bin/env python3
"""What commands in the documents print: fill_outputs.py [--check] --heddle PATH_OF_THE_BINARY

In PAGES a ```text block that follows a line <!-- output --> holds what the ```sh block before it prints, run in the
root of the checkout (that block's own line says `here`). Without --check the blocks are filled in; with it nothing is
changed, and a block that is not what the command prints is an error.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "paper-under-compare.md"]
PAIR = re.compile(
    r"(^```sh\n(?P<command>.*?)^```\n\s*<!-- output -->\n```text\n)(?P<output>.*?)(?P<end>^```$)", re.M | re.S
)


def run(command: str, heddle: Path) -> str:
    path = f"{heddle.resolve().parent}{os.pathsep}{os.environ['PATH']}"
    shell = ["bash", "-euo", "pipefail", "-c", command]
    done = subprocess.run(shell, cwd=ROOT, env=os.environ | {"PATH": path}, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"fill_outputs.py: this command ended with {done.returncode}: {command}")
    return done.stdout


def fill(page: str, output_of) -> str:
    """The page with every output replaced by output_of(command)."""
    filled, count = PAIR.subn(lambda match: match[1] + output_of(match["command"]) + match["end"], page)
    if count != page.count("<!-- output -->"):
        sys.exit("fill_outputs.py: <!-- output --> stands between a ```sh block and a ```text block")
    return filled


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the pages are up to date")
    parser.add_argument("--heddle", type=Path, required=True)
    arguments = parser.parse_args()
    stale = False
    for path in PAGES:
        before = path.read_text()
        after = fill(before, lambda command: run(command, arguments.heddle))
        if after == before:
            continue
        stale = True
        if arguments.check:
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), path.name, "the command", lineterm="")
            print("\n".join(lines))
        else:
            path.write_text(after)
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
