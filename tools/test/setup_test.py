"""The set-up on machines that are not at hand: without packages, without root, with and without CUDA."""

import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

TOOLS = Path(__file__).resolve().parents[1]
# Programs that note how they were called.
APT_GET = '#!/bin/sh\necho "$0 $@" >>"$CALLS"\n'
SUDO = '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n'
SUDO_THAT_ASKS = "#!/bin/sh\nexit 1\n"
DPKG_QUERY = "#!/bin/sh\necho 'cmake not-installed'; echo 'mold installed'; exit 1\n"


class SetupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        shutil.copytree(TOOLS / "requirements", self.root / "tools" / "requirements")
        shutil.copy(TOOLS / "setup", self.root / "tools" / "setup")
        self.calls = self.root / "calls"
        self.environment = {"PATH": str(self.root / "bin"), "CALLS": str(self.calls)}
        patch = mock.patch.dict(os.environ, self.environment, clear=True)
        patch.start()
        self.addCleanup(patch.stop)
        (self.root / "bin").mkdir()
        for name in ("sh", "env", "true"):
            (self.root / "bin" / name).symlink_to(Path("/bin") / name)
        self.setup = self.load_setup()

    def load_setup(self):
        sys.dont_write_bytecode = True
        loader = importlib.machinery.SourceFileLoader("heddle_setup", str(self.root / "tools" / "setup"))
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader("heddle_setup", loader))
        loader.exec_module(module)
        self.said = []
        module.say = self.said.append
        return module

    def programs(self, **programs: str) -> None:
        for name, text in programs.items():
            path = self.root / "bin" / name.replace("_", "-")
            path.write_text(text)
            path.chmod(0o755)

    def user(self, number: int):
        return mock.patch.object(self.setup.os, "geteuid", lambda: number)

    def pip_calls(self, machine_has_cuda: bool, failing: str = "") -> list[str]:
        """What set_up_torch asks pip for, on a machine whose index lacks `failing`."""
        (self.root / ".venv").mkdir()
        asked = []

        def run_logged(step, command, **options):
            asked.append(command[-1])
            (self.setup.CACHE).mkdir(parents=True, exist_ok=True)
            (self.setup.CACHE / f"{step}.log").write_text("ERROR: No matching distribution found for it\n")
            return command[-1] != failing

        with (
            mock.patch.object(self.setup, "run_logged", run_logged),
            mock.patch.object(self.setup, "has_cuda", lambda: machine_has_cuda),
        ):
            self.setup.set_up_torch()
            self.assertFalse(self.setup.set_up_torch(), "a second run has nothing to do")
        return asked

    def test_without_root_it_prints_the_one_line_to_run(self):
        for sudo in ({}, {"sudo": SUDO_THAT_ASKS}):
            self.programs(dpkg_query=DPKG_QUERY, apt_get=APT_GET, **sudo)
            with self.user(1000), self.assertRaises(self.setup.SetupError) as caught:
                self.setup.set_up_debian(page=False)
            line = str(caught.exception).splitlines()[-1]
            self.assertRegex(
                line, "^  sudo apt-get update && sudo apt-get install --no-install-recommends cmake .*libyaml-cpp-dev"
            )
            self.assertNotIn("mold", line)
            self.assertFalse(self.calls.exists())

    def test_root_and_a_sudo_that_asks_nothing_install_what_is_missing(self):
        for user in (0, 1000):
            self.programs(dpkg_query=DPKG_QUERY, apt_get=APT_GET, sudo=SUDO)
            self.calls.write_text("")
            with self.user(user):
                self.assertTrue(self.setup.set_up_debian(page=True))
            update, install = self.calls.read_text().splitlines()
            self.assertTrue(update.endswith(" update"))
            self.assertRegex(install, "install --no-install-recommends cmake .*chromium$")
            self.assertNotIn(" mold", install)

    def test_a_failing_installation_says_what_failed_and_ends_in_its_log(self):
        self.programs(dpkg_query=DPKG_QUERY, apt_get="#!/bin/sh\necho no route to host\nexit 100\n")
        with self.user(0), self.assertRaisesRegex(self.setup.SetupError, "(?s)update' failed.*no route to host"):
            self.setup.set_up_debian(page=False)

    def test_elsewhere_than_on_debian_it_says_what_is_needed(self):
        self.assertFalse(self.setup.set_up_debian(page=False))
        self.assertRegex(self.said[0], "not a Debian.*libyaml-cpp-dev")

    def test_the_cpu_build_of_torch_is_asked_for(self):
        self.assertEqual(self.pip_calls(machine_has_cuda=False), ["torch==2.13.0+cpu"])

    def test_with_cuda_the_default_build_of_torch_is_asked_for(self):
        self.assertEqual(self.pip_calls(machine_has_cuda=True), ["torch===2.13.0"])

    def test_an_index_without_cpu_builds_gives_its_default_build_and_is_told(self):
        asked = self.pip_calls(machine_has_cuda=False, failing="torch==2.13.0+cpu")
        self.assertEqual(asked, ["torch==2.13.0+cpu", "torch===2.13.0"])
        self.assertTrue(any("have no torch==2.13.0+cpu" in text for text in self.said), self.said)

    def test_a_torch_of_the_user_s_own_is_taken_or_refused_but_never_replaced(self):
        own = self.root / "own" / "torch"
        with mock.patch.dict(os.environ, HEDDLE_TORCH=str(own)):
            with self.assertRaisesRegex(self.setup.SetupError, "is no torch package"):
                self.setup.set_up_torch()
            (own / "include" / "ATen").mkdir(parents=True)
            (own / "include" / "ATen" / "ATen.h").touch()
            self.assertFalse(self.setup.set_up_torch())
        self.assertFalse(self.calls.exists())

    def test_a_stamp_holds_for_what_it_was_made_from_only(self):
        path = self.root / "stamp"
        self.setup.Stamp(path, "a", "b").set()
        self.assertTrue(self.setup.Stamp(path, "a", "b").holds())
        self.assertFalse(self.setup.Stamp(path, "ab").holds())
        self.assertFalse(path.exists(), "what is being replaced is not called whole meanwhile")


if __name__ == "__main__":
    unittest.main()
