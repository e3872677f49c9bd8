"""A policy server in Python, of openpi's own message format, drives episodes of ours.

    server_peer.py HEDDLE     run by the interpreter of openpi-client's environment

The server packs with openpi_client.msgpack_numpy and speaks over `websockets`, as openpi's does. It serves a policy
that lifts the hand, one that answers NaN, one that hangs, and one that closes half-way.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np
import websockets.asyncio.server
from openpi_client import msgpack_numpy

HEDDLE = sys.argv.pop(1)


class Server:
    """Serves one policy on a free port, in a thread."""

    def __init__(self, policy):
        self.policy, self.seen, self.ready = policy, [], threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        assert self.ready.wait(10)

    async def talk(self, socket):
        packer = msgpack_numpy.Packer()
        await socket.send(packer.pack({"model": "test"}))
        async for message in socket:
            observation = msgpack_numpy.unpackb(message)
            self.seen.append(observation)
            answer = await self.policy(observation)
            if answer is None:
                await socket.close()
                return
            await socket.send(packer.pack(answer))

    async def serve(self):
        async with websockets.asyncio.server.serve(
            self.talk, "127.0.0.1", 0, compression=None, max_size=None
        ) as server:
            self.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            self.ready.set()
            await asyncio.get_running_loop().create_future()


async def lifts(_):
    return {
        "actions": np.tile(np.array([0, 0, 0.5, 0, 0, 0, -1], np.float32), (8, 1)),
        "policy_timing": {"infer_ms": 1.0},
    }


async def nan(_):
    return {"actions": np.full((8, 7), np.nan, np.float32)}


async def hangs(_):
    await asyncio.sleep(60)


async def closes(observation):
    return None if observation["step"] >= 16 else await lifts(observation)


def evaluate(server, *flags):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        command = [HEDDLE, "eval", server.url, "nut_assembly", "--episodes", "2", "--out", folder, "--json", *flags]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        rows = [json.loads(line) for line in (Path(folder) / "evidence.jsonl").read_text().splitlines()]
        return done, [row["outcome"] for row in rows], time.monotonic() - start


class PythonServer(unittest.TestCase):
    def test_drives_episodes_with_states_and_pictures(self):
        server = Server(lifts)
        done, outcomes, _ = evaluate(server, "--cameras", "agentview", "--size", "64x48")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([outcome["failure"] for outcome in outcomes], ["never-reached"] * 2)
        first = server.seen[0]
        self.assertEqual(first["observation/images/agentview"].shape, (48, 64, 3))
        self.assertEqual(first["observation/images/agentview"].dtype, np.uint8)
        self.assertGreater(first["observation/images/agentview"].std(), 5)
        self.assertEqual(first["observation/state"].dtype, np.float32)
        self.assertEqual(first["prompt"], "put the square nut on the square peg")
        heights = [s["observation/state"][2] for s in server.seen if s["episode_seed"] == first["episode_seed"]]
        self.assertGreater(heights[10], heights[0] + 0.05, "its actions move the hand")

    def test_that_answers_nan_fails_its_episodes(self):
        done, outcomes, _ = evaluate(Server(nan), "--no-cameras")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([outcome["failure"] for outcome in outcomes], ["bad-action"] * 2)

    def test_that_hangs_costs_its_timeout_and_no_more(self):
        _, outcomes, seconds = evaluate(Server(hangs), "--no-cameras", "--timeout", "1")
        self.assertEqual([outcome["failure"] for outcome in outcomes], ["policy-timeout"] * 2)
        self.assertLess(seconds, 20)

    def test_that_closes_half_way_fails_its_episodes_there(self):
        _, outcomes, _ = evaluate(Server(closes), "--no-cameras")
        self.assertEqual([outcome["failure"] for outcome in outcomes], ["policy-closed"] * 2)
        self.assertEqual([outcome["steps"] for outcome in outcomes], [16, 16])


if __name__ == "__main__":
    unittest.main()
