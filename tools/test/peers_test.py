"""The environments of other programs: found, judged whole, and what happens where they can't be had."""

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import peers

PEER = peers.Peer("other", ("other==1.2",), {"other": "1.2"}, (3, 12))
# Says that `other` has the version in $VERSION, whatever it is asked.
PYTHON = '#!/bin/sh\necho "$VERSION"\n'


class PeersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name)
        for patch in (
            mock.patch.dict(os.environ, {"XDG_CACHE_HOME": folder.name, "VERSION": "1.2"}),
            mock.patch.dict(peers.PEERS, {"other": PEER}),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def make_environment(self):
        python = peers.interpreter("other")
        python.parent.mkdir(parents=True)
        python.write_text(PYTHON)
        python.chmod(0o755)

    def test_lies_in_the_users_cache(self):
        self.assertEqual(peers.folder("other"), self.cache / "heddle-peers" / "other")

    def test_nothing_is_not_ready(self):
        self.assertFalse(peers.is_ready(PEER))

    def test_an_environment_of_the_right_version_serves_and_is_stamped(self):
        self.make_environment()
        self.assertTrue(peers.is_ready(PEER))
        os.environ["VERSION"] = "9"
        self.assertTrue(peers.is_ready(PEER), "the stamp spares asking again")

    def test_one_of_another_version_is_not_ready(self):
        self.make_environment()
        os.environ["VERSION"] = "1.1"
        self.assertFalse(peers.is_ready(PEER))

    def test_a_stamp_for_other_requirements_is_not_ready(self):
        self.make_environment()
        (peers.folder("other") / peers.STAMP).write_text("{}")
        self.assertFalse(peers.is_ready(PEER))

    def test_where_it_cant_be_had_the_script_is_skipped_with_the_reason(self):
        errors = io.StringIO()
        with (
            mock.patch.object(peers, "find_python", side_effect=peers.PeerMissing("no Python here")),
            contextlib.redirect_stderr(errors),
        ):
            self.assertEqual(peers.main(["other", "script.py"]), peers.SKIPPED)
        self.assertIn("skipped: no Python here", errors.getvalue())

    def test_an_unknown_peer_is_called_wrongly(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(peers.main(["nobody", "script.py"]), 2)


if __name__ == "__main__":
    unittest.main()
