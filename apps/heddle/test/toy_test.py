"""`heddle toy` as a process: bad input, full disks, Ctrl-C, the same bytes twice.  toy_test.py HEDDLE"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HEDDLE = sys.argv[1]
# A sweep of seconds, with everything that a long one has.
SMALL = [
    "--dz=0.5,20", "--w=0.01,0.5", "--seeds=2", "--set=toy.steps=100", "--set=toy.match_steps=50", "--set=toy.width=32",
    "--set=toy.source_samples=100", "--set=toy.grid_side=4",
]  # fmt: skip


def heddle(*arguments: str, **kwargs) -> subprocess.CompletedProcess:
    return subprocess.run([HEDDLE, *arguments], capture_output=True, text=True, timeout=60, **kwargs)


class ToyTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.out = Path(self.folder.name) / "out"

    def assert_refused(self, result: subprocess.CompletedProcess, code: int, *parts: str) -> None:
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual([str(p) for p in self.out.rglob("*")], [])

    def test_a_ratio_above_one_is_refused(self) -> None:
        self.assert_refused(heddle("toy", "--w", "1.5", "--out", str(self.out)), 2, "toy.w", "1.5")

    def test_a_negative_distance_is_refused(self) -> None:
        self.assert_refused(heddle("toy", "--dz", "-1", "--out", str(self.out)), 2, "toy.delta_z", "-1")

    def test_a_list_that_is_no_list_of_numbers_is_refused(self) -> None:
        self.assert_refused(heddle("toy", "--w", "0.1,often", "--out", str(self.out)), 2, "--w", "often")

    def test_not_a_number_is_refused(self) -> None:
        self.assert_refused(heddle("toy", "--dz", "nan", "--out", str(self.out)), 2, "toy.delta_z")

    def test_a_mistyped_key_gets_the_nearest_right_one(self) -> None:
        self.assert_refused(
            heddle("toy", "--set", "toy.lerning_rate=1", "--out", str(self.out)),
            2,
            "lerning_rate",
            "did you mean 'learning_rate'?",
        )

    def test_a_folder_that_cannot_be_made_is_refused_before_the_work(self) -> None:
        begin = time.monotonic()
        for place in ("/proc/heddle", "/dev/null/heddle"):
            result = heddle("toy", "--out", place)
            self.assertIn(result.returncode, (1, 2))
            self.assertIn(place.rsplit("/", 1)[0], result.stderr)
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertLess(time.monotonic() - begin, 5)

    def test_a_full_disk_leaves_no_half_written_file(self) -> None:
        # No file of this process may grow beyond 4 KB: what the system says then is what it says of a full disk.
        def little_room() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        result = heddle("toy", *SMALL, "--out", str(self.out), preexec_fn=little_room)
        self.assertEqual(result.returncode, 1, result.stderr)
        last = result.stderr.strip().splitlines()[-1]
        self.assertIn("toy.json", last)
        self.assertNotIn("terminate", result.stderr)
        self.assertEqual({p.name for p in self.out.iterdir()} - {"metrics.jsonl"}, set())

    @unittest.skipUnless(os.geteuid() == 0, "only root may mount a small disk")
    def test_a_truly_full_disk_too(self) -> None:
        disk = Path(self.folder.name) / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("mounting is not allowed here")
        try:
            result = heddle("toy", *SMALL, "--out", str(disk / "out"))
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn("No space left", result.stderr)
            self.assertEqual({p.name for p in (disk / "out").iterdir()} - {"metrics.jsonl"}, set())
        finally:
            subprocess.run(["umount", str(disk)], check=True)

    def test_ctrl_c_stops_within_two_seconds_and_leaves_what_is_complete(self) -> None:
        arguments = ["--seeds=1", "--dz=1", "--w=0.1,0.5", "--set=toy.steps=400", "--set=toy.match_steps=10000000"]
        process = subprocess.Popen(
            [HEDDLE, "toy", *arguments, "--out", str(self.out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        metrics = self.out / "metrics.jsonl"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (metrics.exists() and len(metrics.read_text().splitlines()) == 3):
            time.sleep(0.05)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(process.returncode, 130, err)
        toy = json.loads((self.out / "toy.json").read_text())
        self.assertTrue(toy["partial"])
        self.assertEqual(len(toy["cells"]), 2)
        self.assertIn("partial", out)

    def test_ctrl_c_at_the_start_is_heard_too(self) -> None:
        process = subprocess.Popen(
            [HEDDLE, "toy", "--seeds=100", "--out", str(self.out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (self.out / "metrics.jsonl").exists():
            time.sleep(0.02)
        time.sleep(0.3)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(process.returncode, 130, err)
        self.assertTrue(json.loads((self.out / "toy.json").read_text())["partial"])

    def test_a_net_that_diverges_is_named_and_the_rest_is_kept(self) -> None:
        result = heddle("toy", *SMALL, "--set=toy.learning_rate=1", "--out", str(self.out))
        self.assertEqual(result.returncode, 0, result.stderr)
        toy = json.loads((self.out / "toy.json").read_text())
        self.assertGreater(len(toy["diverged"]), 0)
        self.assertIn("diverged", result.stdout)
        self.assertFalse(toy["partial"])

    def test_a_flag_and_a_set_of_the_same_key_are_refused(self) -> None:
        self.assert_refused(
            heddle("toy", "--seed=3", "--set=toy.seed=4", "--out", str(self.out)), 2, "--seed", "toy.seed"
        )

    def test_an_empty_list_is_refused(self) -> None:
        self.assert_refused(heddle("toy", "--w", "", "--out", str(self.out)), 2, "--w", "missing")

    def test_a_coverage_that_the_grid_cannot_show_is_refused(self) -> None:
        arguments = ["--set=toy.covered=0.05", "--set=toy.grid_side=4", "--out", str(self.out)]
        self.assert_refused(heddle("toy", *arguments), 2, "toy.covered", "toy.grid_side")

    def test_a_second_run_into_the_same_folder_leaves_nothing_of_the_first(self) -> None:
        latents = self.out / "latents"
        heddle("toy", *SMALL, "--out", str(self.out), "--latents", str(latents))
        smaller = ["--dz=20" if argument.startswith("--dz") else argument for argument in SMALL]
        again = heddle("toy", *smaller, "--out", str(self.out), "--latents", str(latents))
        self.assertEqual(again.returncode, 0, again.stderr)
        cases = json.loads((latents / "cases.json").read_text())
        self.assertEqual(len(cases), 4)
        self.assertEqual(len(list(latents.glob("*.safetensors"))), 2 * len(cases))

    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        for name in ("a", "b"):
            result = heddle("toy", *SMALL, "--seed=7", "--out", str(self.out / name))
            self.assertEqual(result.returncode, 0, result.stderr)
        for file in ("toy.json", "toy.html"):
            a, b = self.out / "a" / file, self.out / "b" / file
            self.assertEqual(a.exists(), b.exists())
            if a.exists():
                self.assertEqual(a.read_bytes(), b.read_bytes())
        self.assertTrue((self.out / "a" / "toy.json").exists())

    def test_json_says_where_the_results_are(self) -> None:
        result = heddle("toy", *SMALL, "--json", "--out", str(self.out))
        self.assertEqual(result.returncode, 0, result.stderr)
        said = json.loads(result.stdout)
        self.assertFalse(said["partial"])
        self.assertTrue(Path(said["json"]).exists())

    def test_latents_open_in_any_reader_of_the_format(self) -> None:
        latents = self.out / "latents"
        self.assertEqual(heddle("toy", *SMALL, "--out", str(self.out), "--latents", str(latents)).returncode, 0)
        cases = json.loads((latents / "cases.json").read_text())
        self.assertEqual(len(cases), 8)
        raw = (latents / "seed0_dz0_w0_deep.safetensors").read_bytes()
        header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
        self.assertEqual(header["z"]["shape"], [32, 32])
        self.assertEqual(header["domain"]["dtype"], "I64")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
