#!/usr/bin/env python3
"""Makes a LeRobot v3.0 dataset to measure loading on: two cameras of moving pictures, a state and an action of 7.

    make_dataset.py FOLDER EPISODES FRAMES HEIGHT WIDTH [CODEC]

Encoded as LeRobot does by default (libsvtav1, GOP 2, crf 30, preset 12), or with h264. Needs numpy, pandas, pyarrow and
PyAV: run it with the Python of the peer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

FPS = 30
SIZE = 7
CAMERAS = ("observation.images.front", "observation.images.wrist")
NAMES = [f"joint_{i}.pos" for i in range(SIZE - 1)] + ["gripper.pos"]


def scene(height: int, width: int, camera: int) -> np.ndarray:
    """A larger picture that the camera wanders over: soft shapes with some grain."""
    random = np.random.default_rng(camera)
    coarse = random.integers(0, 256, (height // 8 + 8, width // 8 + 8, 3)).astype(np.float32)
    fine = np.kron(coarse, np.ones((16, 16, 1), np.float32))
    for axis in (0, 1):
        fine = sum(np.roll(fine, shift, axis) for shift in range(-6, 7)) / 13
    fine += random.normal(0, 4, fine.shape)
    return fine.clip(0, 255).astype(np.uint8)


def encode(path: Path, episodes: int, frames: int, height: int, width: int, camera: int, codec: str) -> None:
    path.parent.mkdir(parents=True)
    wide = scene(height, width, camera)
    span_y, span_x = wide.shape[0] - height, wide.shape[1] - width
    options = {"g": "2", "crf": "30", "preset": "12"} if codec == "libsvtav1" else {"g": "2", "crf": "23"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        stream = out.add_stream(codec, FPS, options=options)
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        for episode in range(episodes):
            for frame in range(frames):
                t = 0.7 * episode + 0.02 * frame
                y, x = int(span_y * (0.5 + 0.5 * np.sin(t))), int(span_x * (0.5 + 0.5 * np.cos(1.3 * t)))
                picture = av.VideoFrame.from_ndarray(
                    np.ascontiguousarray(wide[y : y + height, x : x + width]), format="rgb24"
                )
                out.mux(stream.encode(picture))
        out.mux(stream.encode())


def write_data(root: Path, episodes: int, frames: int) -> None:
    random = np.random.default_rng(7)
    vector = pa.list_(pa.float32(), SIZE)
    schema = pa.schema(
        [
            ("observation.state", vector),
            ("action", vector),
            ("timestamp", pa.float32()),
            ("frame_index", pa.int64()),
            ("episode_index", pa.int64()),
            ("index", pa.int64()),
            ("task_index", pa.int64()),
        ]
    )
    path = root / "data/chunk-000/file-000.parquet"
    path.parent.mkdir(parents=True)
    with pq.ParquetWriter(path, schema) as writer:
        for episode in range(episodes):
            steps = np.arange(frames)
            numbers = [random.normal(size=frames * SIZE).astype(np.float32) for _ in range(2)]
            columns = [pa.FixedSizeListArray.from_arrays(pa.array(n), SIZE) for n in numbers]
            columns += [pa.array((steps / FPS).astype(np.float32)), pa.array(steps)]
            columns += [pa.array(np.full(frames, episode)), pa.array(steps + episode * frames)]
            columns += [pa.array(np.zeros(frames, np.int64))]
            writer.write_table(pa.table([c.cast(f.type) for c, f in zip(columns, schema, strict=True)], schema=schema))


def write_meta(root: Path, episodes: int, frames: int, height: int, width: int, codec: str) -> None:
    rows = []
    for episode in range(episodes):
        row = {"episode_index": episode, "tasks": ["Move"], "length": frames}
        row |= {"data/chunk_index": 0, "data/file_index": 0}
        row |= {"dataset_from_index": episode * frames, "dataset_to_index": (episode + 1) * frames}
        for camera in CAMERAS:
            row |= {f"videos/{camera}/chunk_index": 0, f"videos/{camera}/file_index": 0}
            row[f"videos/{camera}/from_timestamp"] = episode * frames / FPS
            row[f"videos/{camera}/to_timestamp"] = (episode + 1) * frames / FPS
        row |= {"meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0}
        rows.append(row)
    path = root / "meta/episodes/chunk-000/file-000.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    pd.DataFrame({"task_index": [0]}, index=pd.Index(["Move"], name="task")).to_parquet(root / "meta/tasks.parquet")

    features = {name: {"dtype": "float32", "shape": [SIZE], "names": NAMES} for name in ("observation.state", "action")}
    name = "av1" if codec == "libsvtav1" else "h264"
    about = {"video.height": height, "video.width": width, "video.codec": name, "video.pix_fmt": "yuv420p"}
    about |= {"video.fps": FPS, "video.channels": 3, "has_audio": False, "is_depth_map": False}
    for camera in CAMERAS:
        shape = {"shape": [height, width, 3], "names": ["height", "width", "channels"]}
        features[camera] = {"dtype": "video", **shape, "info": about}
    features["timestamp"] = {"dtype": "float32", "shape": [1], "names": None}
    for column in ("frame_index", "episode_index", "index", "task_index"):
        features[column] = {"dtype": "int64", "shape": [1], "names": None}
    info = {
        "codebase_version": "v3.0",
        "fps": FPS,
        "features": features,
        "total_episodes": episodes,
        "total_frames": episodes * frames,
        "total_tasks": 1,
        "chunks_size": 1000,
        "data_files_size_in_mb": 100,
        "video_files_size_in_mb": 200,
        "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
        "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
        "robot_type": None,
        "splits": {"train": f"0:{episodes}"},
    }
    (root / "meta/info.json").write_text(json.dumps(info, indent=4))
    zeros = {"min": [0.0] * SIZE, "max": [1.0] * SIZE, "mean": [0.0] * SIZE, "std": [1.0] * SIZE, "count": [1]}
    (root / "meta/stats.json").write_text(json.dumps({"observation.state": zeros, "action": zeros}))


def main() -> None:
    root = Path(sys.argv[1])
    episodes, frames, height, width = (int(each) for each in sys.argv[2:6])
    codec = {"av1": "libsvtav1", "h264": "libx264"}[sys.argv[6] if len(sys.argv) > 6 else "av1"]
    for i, camera in enumerate(CAMERAS):
        encode(root / f"videos/{camera}/chunk-000/file-000.mp4", episodes, frames, height, width, i, codec)
    write_data(root, episodes, frames)
    write_meta(root, episodes, frames, height, width, codec)


main()
