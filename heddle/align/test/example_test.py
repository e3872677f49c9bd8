"""The example of an objective of one's own: Python writes it, we train with it. example_test.py EXAMPLE PROBE"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def main(example: str, probe: str) -> int:
    # In a process of its own: another Python's torch need not load here at all.
    if subprocess.run([sys.executable, "-c", "import torch"], capture_output=True, check=False).returncode != 0:
        print("skipped: this Python cannot import torch")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "my_alignment.pt")
        subprocess.run([sys.executable, example, file, "6"], check=True)
        return subprocess.run([probe, file, "6"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
