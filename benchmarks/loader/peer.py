#!/usr/bin/env python3
"""How fast LeRobot's own DataLoader gives the batches of loader_speed. Run with the Python that has LeRobot.

peer.py DATASET BACKEND WORKERS BATCH SECONDS      prints one JSON object
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    root, backend, workers, batch, seconds = sys.argv[1], sys.argv[2], *(float(each) for each in sys.argv[3:6])
    start = time.perf_counter()
    import torch
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    imported = time.perf_counter()
    torch.manual_seed(0)
    dataset = LeRobotDataset(
        "bench/loader",
        root=root,
        delta_timestamps={"action": [i / 30 for i in range(16)]},
        video_backend=backend,
        return_uint8=True,
    )
    loader = torch.utils.data.DataLoader(dataset, batch_size=int(batch), shuffle=True, num_workers=int(workers))
    cameras = len(dataset.meta.camera_keys)

    def batches():
        while True:
            yield from loader

    source = batches()
    next(source)
    first = time.perf_counter()
    for _ in range(2):
        next(source)
    warm, warm_cpu = time.perf_counter(), time.process_time()
    count = 0
    while (elapsed := time.perf_counter() - warm) < seconds or count == 0:
        next(source)
        count += 1
    frames = count * batch * cameras
    result = {
        "frames_per_s": frames / elapsed,
        "cpu_ms_per_frame": 1e3 * (time.process_time() - warm_cpu) / frames,  # of this process alone
        "first_batch_s": first - imported,
        "import_s": imported - start,
    }
    source.close()  # ends the workers
    print(json.dumps(result))


main()
