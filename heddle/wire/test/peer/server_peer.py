"""The real openpi-client against our server: server_peer.py ECHO_SERVER"""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
import unittest

import numpy as np
import websockets.exceptions
from openpi_client import action_chunk_broker, websocket_client_policy

PROGRAM = sys.argv.pop()
TYPES = ["b1", "u1", "i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8", ">u2", ">i4", ">f8"]


class ServerPeer(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.port = int(cls.server.stdout.readline())

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stdin.close()
        assert cls.server.wait(timeout=10) == 0
        cls.server.stdout.close()

    def client(self) -> websocket_client_policy.WebsocketClientPolicy:
        client = websocket_client_policy.WebsocketClientPolicy(host="127.0.0.1", port=self.port)
        self.addCleanup(client._ws.close)
        return client

    def test_metadata(self) -> None:
        self.assertEqual(self.client().get_server_metadata(), {"model": "echo", "action_horizon": 2})

    def test_arrays_of_every_type_come_back(self) -> None:
        client = self.client()
        rng = np.random.default_rng(7)
        for name in [
            "b1",
            "u1",
            "i1",
            "<u2",
            "<i2",
            "<u4",
            "<i4",
            "<u8",
            "<i8",
            "<f2",
            "<f4",
            "<f8",
            ">u2",
            ">i4",
            ">f8",
        ]:
            for shape in [(), (0, 7), (1,), (3, 4, 5)]:
                array = rng.integers(0, 2, shape).astype(name)
                echo = client.infer({"x": array, "nested": {"list": [array.T]}})["echo"]
                for back in (echo["x"], echo["nested"]["list"][0].T):
                    self.assertEqual(back.dtype, array.dtype.newbyteorder("="), name)
                    self.assertEqual(back.shape, array.shape)
                    np.testing.assert_array_equal(back, array)

    def test_scalars_and_plain_values_come_back(self) -> None:
        sent = {
            "plain": [1, -1, 2**63, -(2**63), 2.5, True, None, "text \u00e9", b"bytes", [], {}],
            "f4": np.float32(0.1),
            "f2": np.float16(1.5),
            "i8": np.int64(-3),
            "u1": np.uint8(255),
            "b1": np.bool_(True),
        }
        echo = self.client().infer(sent)["echo"]
        self.assertEqual(echo, sent)
        for key in ("f4", "f2", "i8", "u1", "b1"):
            self.assertEqual(type(echo[key]), type(sent[key]))

    def test_pictures_and_timing(self) -> None:
        client = self.client()
        picture = np.random.default_rng(3).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
        first = client.infer({"observation/image": picture})
        np.testing.assert_array_equal(first["echo"]["observation/image"], picture)
        self.assertEqual(set(first["server_timing"]), {"infer_ms"})
        self.assertEqual(set(client.infer({})["server_timing"]), {"infer_ms", "prev_total_ms"})

    def test_a_broker_of_chunks_takes_rows(self) -> None:
        class Flat:
            def __init__(self, client):
                self.client = client

            def infer(self, obs):
                return self.client.infer(obs)["echo"]

            def reset(self):
                pass

        actions = np.arange(14, dtype=np.float32).reshape(2, 7)
        broker = action_chunk_broker.ActionChunkBroker(Flat(self.client()), action_horizon=2)
        for row in range(2):
            np.testing.assert_array_equal(broker.infer({"actions": actions})["actions"], actions[row])

    def test_failures_are_one_line_of_text_and_a_close_frame(self) -> None:
        for kind, told in (("input", "observation/image: is missing"), ("own", "its server's log says why")):
            client = self.client()
            with self.assertRaisesRegex(RuntimeError, told) as raised:
                client.infer({"fail": kind})
            self.assertNotIn("secret", str(raised.exception))
            with self.assertRaises(websockets.exceptions.ConnectionClosed) as closed:
                client.infer({})
            self.assertEqual(closed.exception.rcvd.code, 1011)

    def test_what_it_does_not_take_is_told(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "x: its dtype '<U4' is not of plain numbers"):
            self.client().infer({"x": np.array(["text"])})

    def test_pings_are_answered_while_it_thinks_and_idles(self) -> None:
        client = self.client()
        time.sleep(1.5)  # the server gives up who is silent for a second; the library's thread answers its pings
        self.assertEqual(client.infer({"sleep_s": 0.0})["echo"], {"sleep_s": 0.0})
        pong = client._ws.ping()
        self.assertTrue(pong.wait(timeout=5))
        client._ws.send(client._packer.pack({"sleep_s": 0.5}))
        self.assertTrue(client._ws.ping().wait(timeout=0.4))
        client._ws.recv()

    def test_health(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b"OK\n"))


if __name__ == "__main__":
    unittest.main()
