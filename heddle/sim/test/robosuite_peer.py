"""Holds our Panda and nut_assembly against robosuite's, run by the interpreter of robosuite's environment.

    robosuite_peer.py PROBE

Forward kinematics, mass matrix and bias forces must agree to 1e-6 relative over random states of the arm; the same
actions from the same state must keep the two end effectors within 2 mm over 50 steps without contact.
"""

import subprocess
import sys
import unittest

import mujoco
import numpy as np
import robosuite

PROBE = sys.argv.pop(1)
HAND = "gripper0_right_grip_site"
ARM = 7


def ask(mode, lines):
    text = "\n".join(" ".join(repr(float(value)) for value in line) for line in lines) + "\n"
    done = subprocess.run([PROBE, mode], input=text, capture_output=True, text=True, check=True, timeout=300)
    return np.array([[float(word) for word in line.split()] for line in done.stdout.splitlines()])


def make_env():
    return robosuite.make(
        "NutAssemblySquare",
        robots="Panda",
        has_renderer=False,
        has_offscreen_renderer=False,
        use_camera_obs=False,
        control_freq=20,
        horizon=1000,
        seed=7,
    )


def relative_error(ours, theirs):
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


class SameArm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.env = make_env()
        cls.env.reset()

    def their_dynamics(self, angles, velocities):
        model, data = self.env.sim.model._model, self.env.sim.data._data
        data.qpos[:ARM], data.qpos[ARM : ARM + 2], data.qvel[:] = angles, 0, 0
        data.qvel[:ARM] = velocities
        mujoco.mj_forward(model, data)
        mass = np.zeros((model.nv, model.nv))
        mujoco.mj_fullM(model, mass, data.qM)
        site = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_SITE, HAND)
        return (
            data.site_xpos[site].copy(),
            data.site_xmat[site].copy(),
            mass[:ARM, :ARM].copy(),
            data.qfrc_bias[:ARM].copy(),
        )

    def test_kinematics_mass_and_bias_agree_to_1e_6(self):
        random = np.random.default_rng(3)
        joints = self.env.sim.model._model.jnt_range[:ARM]
        angles = random.uniform(joints[:, 0], joints[:, 1], (200, ARM))
        velocities = random.normal(0, 1, (200, ARM))
        answers = ask("dynamics", np.hstack([angles, velocities]))
        worst = dict.fromkeys(("position", "rotation", "mass", "bias"), 0.0)
        for answer, q, v in zip(answers, angles, velocities, strict=True):
            ours = np.split(answer, [3, 12, 61])
            for name, mine, theirs in zip(worst, ours, self.their_dynamics(q, v), strict=True):
                worst[name] = max(worst[name], relative_error(mine, theirs.ravel()))
        print("largest relative differences over 200 states:", worst)
        for name, error in worst.items():
            self.assertLess(error, 1e-6, name)

    def test_replayed_actions_stay_within_2_mm(self):
        worst = 0.0
        for episode in range(3):
            env = self.env
            env.reset()
            random = np.random.default_rng(episode)
            # Smooth, as a policy's are, and away from the table.
            actions = np.cumsum(random.normal(0, 0.15, (50, ARM)), axis=0).clip(-0.6, 0.6)
            actions[:, 2] = np.abs(actions[:, 2])
            actions[:, 6] = -1
            start = env.sim.data.qpos[:16].copy()
            theirs = []
            for action in actions:
                env.step(action)
                theirs.append(env.sim.data._data.site(HAND).xpos.copy())
            ours = ask("replay", [start, *actions])
            distance = np.linalg.norm(ours - np.array(theirs), axis=1)
            travelled = np.linalg.norm(theirs[-1] - theirs[0])
            print(f"episode {episode}: {distance.max() * 1000:.3f} mm apart at most, {travelled:.2f} m travelled")
            worst = max(worst, distance.max())
        self.assertLess(worst, 0.002)


if __name__ == "__main__":
    unittest.main()
