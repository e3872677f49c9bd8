"""robosuite's NutAssemblySquare: control steps a second. peer.py CAMERAS SECONDS, one JSON object."""

import json
import sys
import time

import mujoco
import numpy as np
import robosuite

CAMERAS = ["agentview", "robot0_eye_in_hand"][: int(sys.argv[1])]
SECONDS = float(sys.argv[2])


def make():
    return robosuite.make(
        "NutAssemblySquare",
        robots="Panda",
        has_renderer=False,
        has_offscreen_renderer=bool(CAMERAS),
        use_camera_obs=bool(CAMERAS),
        camera_names=CAMERAS or "agentview",
        camera_heights=84,
        camera_widths=84,
        control_freq=20,
        horizon=10**9,
        hard_reset=False,
        seed=1,
    )


def rate(work):
    for _ in range(3):
        work()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        work()
        count += 1
    return count / (time.perf_counter() - start)


def main():
    env = make()
    env.reset()
    random = np.random.default_rng(1)
    steps = rate(lambda: env.step(0.3 * random.uniform(-1, 1, 7)))
    model, data = env.sim.model._model, env.sim.data._data
    physics = rate(lambda: [mujoco.mj_step(model, data) for _ in range(25)])
    print(json.dumps({"steps_per_s": steps, "physics_alone_steps_per_s": physics}))


main()
