"""The real openpi-client asks a checkpoint that heddle serves: serve_peer.py HEDDLE MAKE_CHECKPOINT"""

import json
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from openpi_client import action_chunk_broker, websocket_client_policy

MAKE_CHECKPOINT = sys.argv.pop()
HEDDLE = sys.argv.pop()


class ServePeer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        folder = cls.scratch.name + "/checkpoint"
        made = subprocess.run([MAKE_CHECKPOINT, folder, "pictures"], check=True, capture_output=True, text=True)
        cls.hash = made.stdout.strip()
        cls.server = subprocess.Popen(
            [HEDDLE, "serve", folder, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        text = ""
        while "}" not in text:
            text += cls.server.stdout.readline()
        cls.port = int(json.loads(text)["url"].rsplit(":", 1)[1])

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        assert cls.server.wait(timeout=10) == 143
        cls.server.stdout.close()
        cls.scratch.cleanup()

    def client(self):
        client = websocket_client_policy.WebsocketClientPolicy(host="127.0.0.1", port=self.port)
        self.addCleanup(client._ws.close)
        return client

    @staticmethod
    def observation(**more):
        return {
            "observation/state": np.array([0.1, 0.2, 0.3]),
            "observation/environment_state": np.zeros(2, np.float32),
            "observation/images/front": np.full((40, 48, 3), 128, np.uint8),
            "prompt": "put it there",
        } | more

    def test_metadata_say_which_policy_it_is_and_what_it_takes(self):
        metadata = self.client().get_server_metadata()
        self.assertEqual(metadata["checkpoint_hash"], self.hash)
        self.assertEqual(metadata["observation"]["observation/state"]["names"], ["x", "y", "z"])
        self.assertEqual(metadata["observation"]["observation/images/front"]["shape"], [40, 48, 3])
        self.assertEqual(metadata["action"]["names"], ["dx", "dy"])

    def test_chunks_of_actions_come_back(self):
        client = self.client()
        seeded = self.observation(episode_seed=np.int64(3), step=0)
        answer = client.infer(seeded)
        self.assertEqual((answer["actions"].dtype, answer["actions"].shape), (np.float32, (8, 2)))
        self.assertTrue((np.abs(answer["actions"]) <= 1.2).all())
        self.assertGreater(answer["policy_timing"]["infer_ms"], 0)
        self.assertIn("infer_ms", answer["server_timing"])
        np.testing.assert_array_equal(client.infer(seeded)["actions"], answer["actions"])
        self.assertFalse(np.array_equal(client.infer(self.observation())["actions"], answer["actions"]))

    def test_a_broker_hands_out_one_action_at_a_time(self):
        broker = action_chunk_broker.ActionChunkBroker(self.client(), action_horizon=8)
        for _ in range(20):
            self.assertEqual(broker.infer(self.observation())["actions"].shape, (2,))

    def test_what_does_not_fit_is_named_without_a_traceback(self):
        wrong = self.observation(**{"observation/images/front": np.zeros((3, 40, 48), np.uint8)})
        with self.assertRaises(RuntimeError) as raised:
            self.client().infer(wrong)
        self.assertIn("observation/images/front: is uint8 [3, 40, 48], wanted uint8 [40, 48, 3]", str(raised.exception))
        self.assertNotIn(".cc", str(raised.exception))
        self.assertEqual(self.client().infer(self.observation())["actions"].shape, (8, 2))


if __name__ == "__main__":
    unittest.main()
