"""heddle serve from the outside: serve_test.py HEDDLE MAKE_CHECKPOINT"""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

MAKE_CHECKPOINT = sys.argv.pop()
HEDDLE = sys.argv.pop()


def run(*arguments):
    return subprocess.run([HEDDLE, *arguments], capture_output=True, text=True, timeout=100)


class Serve(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def checkpoint(self, kind):
        folder = self.folder / kind
        done = subprocess.run([MAKE_CHECKPOINT, folder, kind], check=True, capture_output=True, text=True)
        return folder, done.stdout.strip()

    def serve(self, folder, *flags):
        server = subprocess.Popen(
            [HEDDLE, "serve", folder, "--port", "0", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

        def end():
            if server.poll() is None:
                server.kill()
            server.communicate()

        self.addCleanup(end)
        return server

    def serve_json(self, folder, *flags):
        server, text = self.serve(folder, "--json", *flags), ""
        while "}" not in text:
            line = server.stdout.readline()
            self.assertTrue(line, server.poll())
            text += line
        return server, json.loads(text)

    def test_says_what_it_expects_and_stops_at_once(self):
        folder, _ = self.checkpoint("pictures")
        server, lines = self.serve(folder), []
        while not lines or "serving at" not in lines[-1]:
            lines.append(server.stdout.readline())
        text = "".join(lines)
        self.assertIn("observation/state  [3]: x, y, z", text)
        self.assertIn("observation/images/front  uint8 [40, 48, 3]", text)
        self.assertRegex(lines[-1], r"serving at ws://127\.0\.0\.1:\d+")
        start = time.monotonic()
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(timeout=10), 130)
        self.assertLess(time.monotonic() - start, 1)

    def test_an_evaluation_through_it_comes_out_as_in_one_process(self):
        folder, checkpoint_hash = self.checkpoint("panda")
        flags = ["nut_assembly", "--episodes", "1", "--json"]
        guided = ["--guidance", "0.5"]
        self.assertEqual(run("eval", folder, *flags, *guided, "--out", self.folder / "alone").returncode, 0)
        _, facts = self.serve_json(folder, *guided)
        self.assertEqual(facts["checkpoint_hash"], checkpoint_hash)
        done = run("eval", facts["url"], *flags, "--no-cameras", "--execute", "4", "--out", self.folder / "served")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = {}
        for name in ("alone", "served"):
            lines = (self.folder / name / "evidence.jsonl").read_text().splitlines()
            rows[name] = sorted((json.loads(line) for line in lines), key=lambda row: row["outcome"]["episode_seed"])
            for row in rows[name]:
                row["outcome"].pop("wall_s")
                self.assertEqual(row["policy"]["checkpoint_hash"], checkpoint_hash)
                self.assertEqual(row["policy"]["guidance"], 0.5)
        outcomes = {name: [row["outcome"] for row in of] for name, of in rows.items()}
        self.assertEqual(outcomes["alone"], outcomes["served"])

    def test_hostile_clients_are_got_rid_of(self):
        folder, _ = self.checkpoint("plain")
        server, facts = self.serve_json(folder)
        port = int(facts["url"].rsplit(":", 1)[1])
        key = base64.b64encode(os.urandom(16)).decode()
        handshake = (
            f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        )
        half_open = []
        for rest in ("", "\r\n", "Origin: http://evil.example\r\n\r\n"):
            client = socket.create_connection(("127.0.0.1", port), timeout=10)
            client.sendall((handshake + rest).encode())
            half_open.append(client)
        self.assertIn(b" 403 ", half_open[2].recv(100))
        self.assertIn(b" 101 ", half_open[1].recv(100))
        half_open[1].sendall(b"\x82\xff" + (1 << 62).to_bytes(8, "big") + b"\0\0\0\0")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as health:
            health.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b" 200 ", health.recv(100))
        start = time.monotonic()
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=10), 143)
        self.assertLess(time.monotonic() - start, 1)
        self.assertNotIn("Traceback", server.stderr.read())
        for client in half_open:
            client.close()

    def test_what_can_not_be_served_is_named(self):
        folder, _ = self.checkpoint("plain")
        for arguments, said in (
            ([self.folder / "none"], "is neither a checkpoint nor a run that has one"),
            ([folder, "--guidance", "0.5"], "nothing to guide it by"),
            ([folder, "--act-as", "domain=sim"], "the policy has no condition 'domain'"),
            ([folder, "--act-as", "sim"], "'sim' is not KEY=VALUE"),
            ([folder, "--host", "nowhere"], "'nowhere' is no address"),
        ):
            done = run("serve", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
