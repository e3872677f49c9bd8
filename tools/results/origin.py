"""Where a row of results comes from: what every row says beside its figures."""

from __future__ import annotations

import os
import platform
import re
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def origin(command: str) -> dict[str, str]:
    """`command` as typed in the root of the checkout; the code's version, this machine in words, and today."""
    return {"command": command, "version": version(), "machine": machine(), "date": time.strftime("%Y-%m-%d")}


def version() -> str:
    return re.search(r"project\(heddle VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]


def machine() -> str:
    model = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    return f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}"
