"""What the writer records, opened with LeRobot: values, pictures, tasks, windows, statistics; and after kills.

Run as: writer_peer.py RECORDER, with the interpreter of the peer's environment (tools/peers.py). The recording is that
of heddle/data/test/small_recording.h; its values are worked out here once more.
"""

from __future__ import annotations

import logging
import math
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import torch
from lerobot.datasets.compute_stats import compute_episode_stats
from lerobot.datasets.lerobot_dataset import LeRobotDataset

RECORDER = sys.argv[1]
EPISODES = 8
KILLS = 10
CAMERA = "observation.images.front"


def length_of(episode: int) -> int:
    return 4 + (episode * 5) % 7


def picture(episode: int, frame: int) -> np.ndarray:
    y, x = np.mgrid[0:32, 0:48]
    blue = np.full_like(x, (20 * frame + 30 * episode) % 256)
    return np.stack([x * 5 % 256, 40 + y * 5, blue], axis=-1).astype(np.uint8)


def values(episode: int, frame: int) -> dict:
    e, f = np.float32(episode), np.float32(frame)
    return {
        "observation.state": np.array([math.sin(f), e + np.float32(0.1) * f, -f], np.float32),
        "observation.grid": np.array([[e, f, 1], [2, 3, e * f]], np.float32),
        "force": np.float32(1 / (1 + frame)),
        "action": np.array([f / np.float32(3), e / np.float32(7)], np.float32),
        "next.done": frame + 1 == length_of(episode),
        "timestamp": np.float32(frame / 10),
        "frame_index": frame,
        "episode_index": episode,
    }


def task(episode: int, frame: int) -> str:
    return "reach" if frame < 2 else f"task {episode % 3}"


def record(folder: Path, episodes: int) -> None:
    subprocess.run([RECORDER, str(folder), str(episodes)], check=True, stdout=subprocess.DEVNULL)


def open_set(folder: Path, **options) -> LeRobotDataset:
    return LeRobotDataset("test/recording", root=folder, **options)


def check_values(test: unittest.TestCase, dataset: LeRobotDataset, episodes: int) -> None:
    row = 0
    for episode in range(episodes):
        for frame in range(length_of(episode)):
            item = dataset[row]
            for key, wanted in values(episode, frame).items():
                np.testing.assert_allclose(item[key].numpy(), wanted, rtol=1e-6, err_msg=f"{key} at row {row}")
            test.assertEqual(item["task"], task(episode, frame))
            test.assertEqual(item["strategy"], "fast" if episode % 2 else "safe")
            test.assertEqual(item["index"].item(), row)
            pixels = item[CAMERA].permute(1, 2, 0).numpy() * 255
            apart = np.abs(pixels - picture(episode, frame)).mean()
            test.assertLess(apart, 6, f"the picture of row {row}")
            row += 1
    test.assertEqual(len(dataset), row)


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp(prefix="heddle-peer-"))
        cls.folder = cls.scratch / "set"
        record(cls.folder, EPISODES)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.scratch)

    def test_gives_the_values_that_were_recorded(self):
        for backend in ("pyav", "torchcodec"):
            with self.subTest(backend):
                try:
                    dataset = open_set(self.folder, video_backend=backend)
                    dataset[0]
                except (ImportError, RuntimeError, OSError) as reason:
                    self.assertEqual(backend, "torchcodec", reason)  # it needs a FFmpeg that fits it
                    self.skipTest(f"torchcodec can't be used here: {type(reason).__name__}")
                check_values(self, dataset, EPISODES)

    def test_meta_counts_and_looks_up_tasks(self):
        meta = open_set(self.folder).meta
        self.assertEqual(meta.total_episodes, EPISODES)
        self.assertEqual(meta.total_frames, sum(map(length_of, range(EPISODES))))
        self.assertEqual(list(meta.tasks.index), ["reach", "task 0", "task 1", "task 2"])
        self.assertEqual(meta.get_task_index("task 1"), 2)
        self.assertEqual(meta.features["observation.state"]["names"], ["x", "y", "grip"])
        self.assertEqual(meta.robot_type, "test_arm")

    def test_one_episode_alone_is_that_episode(self):
        dataset = open_set(self.folder, episodes=[3])
        self.assertEqual(len(dataset), length_of(3))
        np.testing.assert_array_equal(dataset[1]["observation.grid"].numpy(), values(3, 1)["observation.grid"])

    def test_windows_reach_over_the_files_ends_and_no_further_than_the_episodes(self):
        dataset = open_set(self.folder, delta_timestamps={"action": [-0.1, 0, 0.1]})
        row = sum(map(length_of, range(2)))
        item = dataset[row]
        self.assertEqual(item["action_is_pad"].tolist(), [True, False, False])
        wanted = np.stack([values(2, frame)["action"] for frame in (0, 0, 1)])
        np.testing.assert_allclose(item["action"].numpy(), wanted)

    def test_statistics_are_lerobots_own(self):
        meta = open_set(self.folder).meta
        rows = {key: [] for key in ("observation.state", "observation.grid", "action", "force")}
        for episode in range(EPISODES):
            for frame in range(length_of(episode)):
                for key, column in rows.items():
                    column.append(values(episode, frame)[key])
        data = {key: np.stack(column) for key, column in rows.items()}
        theirs = compute_episode_stats(data, {key: {"dtype": "float32"} for key in data})
        for key, wanted in theirs.items():
            for name in ("min", "max", "mean", "count"):
                np.testing.assert_allclose(meta.stats[key][name], wanted[name], atol=2e-6, err_msg=f"{key} {name}")
            np.testing.assert_allclose(meta.stats[key]["std"], wanted["std"], atol=1e-3, err_msg=key)
        self.assertEqual(meta.stats[CAMERA]["mean"].shape, (3, 1, 1))

    def test_a_training_loader_takes_it(self):
        loader = torch.utils.data.DataLoader(open_set(self.folder), batch_size=16)
        batches = list(loader)
        self.assertEqual(sum(len(batch["index"]) for batch in batches), sum(map(length_of, range(EPISODES))))
        self.assertEqual(tuple(batches[0]["observation.grid"].shape), (16, 2, 3))


class Killed(unittest.TestCase):
    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="heddle-peer-"))
        self.addCleanup(shutil.rmtree, self.scratch)

    def opens(self, folder: Path, episodes: set[int]) -> bool:
        """Whether LeRobot opens it with so many episodes and gives the last one's last frame.

        Always under a new name: LeRobot keeps decoders of the videos it has seen, by their path.
        """
        self.copies += 1
        copy = self.scratch / f"copy-{self.copies}"
        shutil.copytree(folder, copy)
        try:
            dataset = open_set(copy)
            item = dataset[dataset.meta.total_frames - 1]
            total = dataset.meta.total_episodes
            self.with_leftovers += len(dataset.meta.episodes) > total or len(dataset.hf_dataset) > len(dataset)
            return (
                total in episodes and item["episode_index"] == total - 1 and len(dataset) == dataset.meta.total_frames
            )
        except Exception:  # whatever keeps it from opening is counted
            return False
        finally:
            shutil.rmtree(copy)

    def kill_one(self, folder: Path, patience_s: float) -> int | None:
        """How many episodes the recorder said were finished when it was killed; None if there was nothing to kill."""
        process = subprocess.Popen([RECORDER, str(folder), str(EPISODES)], stdout=subprocess.PIPE, text=True)
        time.sleep(patience_s)
        process.kill()
        finished = process.communicate()[0].count("finished")
        return finished if process.returncode != 0 and finished > 0 else None

    def test_opens_after_each_resume_and_nearly_always_directly(self):
        start = time.monotonic()
        record(self.scratch / "plain", EPISODES)
        whole = time.monotonic() - start
        moments = random.Random(4)
        self.copies = self.with_leftovers = directly = kills = 0
        while kills < KILLS:
            folder = self.scratch / "killed"
            shutil.rmtree(folder, ignore_errors=True)
            finished = self.kill_one(folder, moments.uniform(0.2, 1) * whole)
            if finished is None:
                continue
            kills += 1
            directly += self.opens(folder, {finished, finished + 1})
            leftovers = self.with_leftovers
            record(folder, finished)  # resumes, clears, and has nothing to add
            self.assertTrue(self.opens(folder, {finished, finished + 1}), f"after the resume of kill {kills}")
            record(folder, EPISODES)
            self.assertTrue(self.opens(folder, {EPISODES}), f"at the end, after kill {kills}")
            self.assertEqual(self.with_leftovers, leftovers, "a resume clears what is beyond")
        print(f"{kills} kills: LeRobot opened {directly} directly, and all after the resume", file=sys.stderr)
        self.assertGreaterEqual(directly, kills // 2)

    def test_between_any_two_renames_opens_directly_or_after_the_resume(self):
        self.copies = self.with_leftovers = stops = directly = 0
        shut = []
        while True:
            folder = self.scratch / "stopped"
            shutil.rmtree(folder, ignore_errors=True)
            # Past the one rename of a new dataset's info.json, and the first episode's: LeRobot opens no empty set.
            command = [RECORDER, str(folder), "4", str(stops + 7)]
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            if run.returncode == 0:
                break
            stops += 1
            finished = run.stdout.count("finished")
            opened = self.opens(folder, {finished})
            directly += opened
            if not opened:
                shut.append(stops + 6)
            leftovers = self.with_leftovers
            record(folder, finished)
            self.assertTrue(self.opens(folder, {finished}), f"after the resume of stop {stops}")
            self.assertEqual(self.with_leftovers, leftovers, "a resume clears what is beyond")
        print(
            f"{stops} stops: LeRobot opened {directly} directly (not {shut}), all after the resume;"
            f" {self.with_leftovers} showed rows of the unfinished episode",
            file=sys.stderr,
        )
        self.assertGreaterEqual(stops, 15)
        self.assertGreaterEqual(directly, 3)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    unittest.main(argv=sys.argv[:1], verbosity=2)
