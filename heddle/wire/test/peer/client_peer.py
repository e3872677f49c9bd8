"""A Python server with the real openpi message format against our client: client_peer.py ASKING_CLIENT"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import traceback
import unittest

import numpy as np
import websockets.sync.server
from openpi_client import msgpack_numpy

PROGRAM = sys.argv.pop()


def echo(observation: dict) -> dict:
    return {"echo": observation}


@contextlib.contextmanager
def serving(policy, key: str | None = None):
    """Speaks as openpi's own server does: metadata, then a reply to each observation, or a traceback and 1011."""

    def handle(connection) -> None:
        connection.send(msgpack_numpy.packb({"model": "python", "arrays": np.zeros(3)}))
        for message in connection:
            try:
                reply = policy(msgpack_numpy.unpackb(message))
            except Exception:
                connection.send(traceback.format_exc())
                connection.close(1011, "Internal server error.")
                return
            connection.send(msgpack_numpy.packb(reply))

    def check_key(connection, request):
        if key and request.headers.get("Authorization") != f"Api-Key {key}":
            return connection.respond(401, "no\n")
        return None

    options = {"compression": None, "max_size": None, "process_request": check_key}
    with websockets.sync.server.serve(handle, "127.0.0.1", 0, **options) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def asked(*arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


class ClientPeer(unittest.TestCase):
    def test_everything_comes_back(self) -> None:
        with serving(echo) as url:
            self.assertEqual(asked(url), "ok\n")

    def test_numpy_sees_the_same(self) -> None:
        seen = {}

        def look(observation: dict) -> dict:
            seen.update(observation)
            return echo(observation)

        with serving(look) as url:
            self.assertEqual(asked(url), "ok\n")
        self.assertEqual(seen["picture"].shape, (224, 224, 3))
        self.assertEqual(seen["zero_d"].shape, ())
        self.assertEqual(seen["empty"].shape, (0, 7))
        self.assertEqual(type(seen["scalar"]), np.float32)
        self.assertEqual(seen["list"], [1, -1, 2.5, True, None, "text"])
        for name, array in seen["arrays"].items():
            expected = np.frombuffer(bytes(i % 2 for i in range(6 * np.dtype(name).itemsize)), name).reshape(2, 3)
            np.testing.assert_array_equal(array, expected)

    def test_a_traceback_is_an_error(self) -> None:
        def fail(observation: dict) -> dict:
            raise ValueError("no image")

        with serving(fail) as url:
            said = asked(url)
        self.assertIn("policy-error\n", said)
        self.assertIn("the policy failed: ValueError: no image\n", said)
        self.assertIn("Traceback (most recent call last)", said)

    def test_the_key_opens(self) -> None:
        with serving(echo, key="k3y") as url:
            self.assertEqual(asked(url, "k3y"), "ok\n")
            self.assertIn("HTTP 401", asked(url))


if __name__ == "__main__":
    unittest.main()
