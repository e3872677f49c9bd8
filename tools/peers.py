#!/usr/bin/env python3
"""Other programs that Heddle is compared with, each in a Python environment of its own.

    tools/peers.py NAME SCRIPT [ARGUMENT...]

runs SCRIPT with the interpreter of the peer's environment, which is made first if it is not there yet (in
${XDG_CACHE_HOME:-~/.cache}/heddle-peers/NAME). Where that can't be done, it says why and exits with 77, which the tests
count as skipped.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
STAMP = "heddle-peer.json"


class PeerMissing(Exception):
    """Why a peer can't be had on this machine."""


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    requirements: tuple[str, ...]
    # Distribution -> version: an environment that has them serves, whoever made it.
    provides: dict[str, str]
    python: tuple[int, int]  # the oldest that it runs with


PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "robosuite",
            ("robosuite==1.5.2", "mujoco==3.3.7"),
            {"robosuite": "1.5.2", "mujoco": "3.3.7"},
            (3, 10),
        ),
        Peer(
            "lerobot",
            ("lerobot[dataset,training,diffusion]==0.6.1",),
            {"lerobot": "0.6.1"},
            (3, 12),
        ),
        Peer(
            "pot",
            ("POT==0.9.7.post1", "numpy==2.2.6", "scipy==1.15.3"),
            {"POT": "0.9.7.post1", "numpy": "2.2.6", "scipy": "1.15.3"},
            (3, 10),
        ),
        Peer(
            "openpi",
            # It needs typing_extensions without saying so.
            ("openpi-client==0.1.2", "numpy==1.26.4", "typing_extensions==4.15.0", "websockets==15.0.1"),
            {"openpi-client": "0.1.2", "numpy": "1.26.4", "typing_extensions": "4.15.0", "websockets": "15.0.1"},
            (3, 10),
        ),
    )
}


def folder(name: str) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "heddle-peers" / name


def interpreter(name: str) -> Path:
    return folder(name) / "bin" / "python"


def _output(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _stamp_text(peer: Peer) -> str:
    return json.dumps({"requirements": peer.requirements}, indent=2) + "\n"


def is_ready(peer: Peer) -> bool:
    """Whether the environment is whole: it has its stamp, or all that it must provide."""
    stamp = folder(peer.name) / STAMP
    if not interpreter(peer.name).exists():
        return False
    if stamp.exists():
        return stamp.read_text() == _stamp_text(peer)
    for distribution, version in peer.provides.items():
        code = f"import importlib.metadata as m; print(m.version({distribution!r}))"
        if _output([str(interpreter(peer.name)), "-c", code]) != version:
            return False
    stamp.write_text(_stamp_text(peer))
    return True


def find_python(oldest: tuple[int, int]) -> str:
    """A Python that is new enough, the oldest such first, as wheels exist for it soonest."""
    names = [sys.executable, *(f"python3.{minor}" for minor in range(oldest[1], oldest[1] + 4)), "python3"]
    for name in names:
        path = shutil.which(name)
        version = path and _output([path, "-c", "import sys; print(*sys.version_info[:2])"])
        if version and tuple(map(int, version.split())) >= oldest:
            return path
    raise PeerMissing(f"no Python {oldest[0]}.{oldest[1]} or newer is installed")


def install(peer: Peer) -> None:
    """Makes the environment; the stamp comes last, so that one that was broken off is made anew."""
    place = folder(peer.name)
    python = find_python(peer.python)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    for command in (
        [python, "-m", "venv", str(place)],
        [str(interpreter(peer.name)), "-m", "pip", "install", "--quiet", *peer.requirements],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            shutil.rmtree(place, ignore_errors=True)
            raise PeerMissing(f"{peer.name} can't be installed: {' '.join(last)}")
    (place / STAMP).write_text(_stamp_text(peer))


def ensure(name: str) -> Path:
    """The interpreter of a peer's environment, made if need be. PeerMissing if it can't be."""
    peer = PEERS[name]
    if not is_ready(peer):
        print(f"installing {', '.join(peer.requirements)} into {folder(name)}", file=sys.stderr, flush=True)
        install(peer)
    return interpreter(name)


def main(arguments: list[str]) -> int:
    if len(arguments) < 2 or arguments[0] not in PEERS:
        print(f"usage: peers.py {{{','.join(PEERS)}}} SCRIPT [ARGUMENT...]", file=sys.stderr)
        return 2
    try:
        python = ensure(arguments[0])
    except PeerMissing as reason:
        print(f"skipped: {reason}", file=sys.stderr)
        return SKIPPED
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
    return subprocess.run([str(python), *arguments[1:]], env={**os.environ, **offline}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
