"""The binary as a user meets it: cli_test.py PATH_OF_HEDDLE"""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEDDLE = ""


def heddle(*arguments, **options):
    """Runs the binary; whatever it does, it must not die of an exception or a signal, nor say more than a line."""
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run([HEDDLE, *arguments], stderr=subprocess.PIPE, timeout=60, check=False, **options)
    done.out = (done.stdout or b"").decode()
    done.err = done.stderr.decode()
    assert done.returncode in (0, 1, 2, 3), (arguments, done.returncode, done.err)
    assert "terminate called" not in done.err, done.err
    return done


@functools.cache
def verbs():
    """As `heddle --help` lists them: "doctor", "data info"."""
    return re.findall(r"^  (\w+(?: \w+)?) +.* -> ", heddle("--help").out, re.MULTILINE)


@functools.cache
def bash_completion():
    return heddle("completion", "bash").out


def has_toy():
    return "toy" in verbs()


class Help(unittest.TestCase):
    def test_the_map_names_the_verbs_that_work(self):
        self.assertLessEqual({"doctor", "version", "completion"}, set(verbs()))

    def test_every_verb_has_help_with_an_example_that_names_it(self):
        for verb in verbs():
            done = heddle(*verb.split(), "--help")
            self.assertEqual((done.returncode, done.err), (0, ""))
            self.assertRegex(done.out, rf"Usage: heddle {verb}")
            self.assertRegex(done.out, rf"Example:\n  .*heddle {verb}")


class CalledWrongly(unittest.TestCase):
    def check_usage_error(self, arguments, line):
        done = heddle(*arguments)
        self.assertEqual((done.returncode, done.out, done.err), (2, "", f"heddle: {line}\n"))

    def test_a_mistyped_verb_gets_the_nearest(self):
        self.check_usage_error(["doctr"], "there is no verb 'doctr' (did you mean 'doctor'?)")

    def test_a_mistyped_flag_gets_the_nearest(self):
        self.check_usage_error(["doctor", "--jsn"], "doctor: there is no flag '--jsn' (did you mean '--json'?)")

    def test_no_verb_is_an_error(self):
        self.check_usage_error([], "no verb is given (heddle --help shows them all)")

    def test_control_characters_do_not_break_the_line(self):
        done = heddle("do\nctor\x1b[31m")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.err.count("\n"), 1)
        self.assertNotIn("\x1b", done.err)

    def test_errors_are_one_json_object_on_stdout_when_asked(self):
        done = heddle("doctr", "--json")
        self.assertEqual((done.returncode, done.err), (2, ""))
        self.assertEqual(
            json.loads(done.out),
            {
                "error": {
                    "kind": "usage",
                    "what": "there is no verb 'doctr'",
                    "where": "",
                    "mend": "did you mean 'doctor'?",
                }
            },
        )

    def test_what_the_toy_is_asked_wrongly(self):
        if not has_toy():
            self.skipTest("this build has no verb toy")
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            self.check_usage_error(["tyo"], "there is no verb 'tyo' (did you mean 'toy'?)")
            self.check_usage_error(
                ["toy", "--sed", "7", "--out", str(out)], "toy: there is no flag '--sed' (did you mean '--seed'?)"
            )
            self.check_usage_error(
                ["toy", "--set", "toy.lerning_rate=1", "--out", str(out)],
                "--set toy.lerning_rate=1: there is no option 'lerning_rate' (did you mean 'learning_rate'?)",
            )
            for wrong in (["--w", "1.5"], ["--dz", "-1"], ["--set", "steps=0"], ["--threads", "0"]):
                done = heddle("toy", *wrong, "--out", str(out))
                self.assertEqual((done.returncode, done.err.count("\n")), (2, 1), (wrong, done.err))
            self.assertFalse(out.exists(), "a wrong call must leave nothing")


class Facts(unittest.TestCase):
    def test_version_for_people_and_for_programs(self):
        facts = json.loads(heddle("version", "--json").out)
        self.assertEqual(set(facts), {"version", "commit", "modified", "compiler", "build_type", "torch"})
        self.assertRegex(facts["version"], r"^\d+\.\d+\.\d+$")
        self.assertRegex(facts["commit"], r"^([0-9a-f]{40}|unknown)$")
        self.assertIn(f"heddle {facts['version']}\n", heddle("version").out)
        self.assertEqual(heddle("--version").out, f"heddle {facts['version']}\n")

    def test_doctor_names_every_part_and_its_exit_code_says_whether_something_lacks(self):
        told = heddle("doctor")
        done = heddle("doctor", "--json")
        facts = json.loads(done.out)
        self.assertEqual(
            [check["name"] for check in facts["checks"]],
            ["cores", "memory", "disk", "instructions", "torch", "cuda", "video", "rendering", "pages"],
        )
        lacks = [check for check in facts["checks"] if check["status"] == "lack"]
        self.assertEqual(done.returncode, 3 if lacks else 0)
        self.assertEqual(facts["ok"], not lacks)
        self.assertEqual(told.returncode, done.returncode)
        self.assertIn(f"{facts['torch']['version']} (", told.out)


class Output(unittest.TestCase):
    def test_a_reader_who_goes_away_is_no_error(self):
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; '{HEDDLE}' completion bash | head -1"], capture_output=True, timeout=60
        )
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout.count(b"\n"), 1)

    def test_a_pipe_without_a_reader_is_no_error(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = heddle("--help", stdout=writer)
        os.close(writer)
        self.assertEqual((done.returncode, done.err), (0, ""))

    def test_results_that_cannot_be_written_are_an_error(self):
        with open("/dev/full", "wb") as full:
            for arguments in (["--help"], ["version", "--json"], ["doctor"]):
                done = heddle(*arguments, stdout=full)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(done.err, "heddle: stdout: cannot write the results: No space left on device\n")

    def test_a_closed_stdout_is_an_error_and_no_other_file_is_written(self):
        done = subprocess.run(["bash", "-c", f"'{HEDDLE}' version >&-"], stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"heddle: stdout: cannot write the results: Bad file descriptor\n")


class Completion(unittest.TestCase):
    def complete(self, *words):
        """What bash offers for the last of the words."""
        line = " ".join(f"'{word}'" for word in ("heddle", *words))
        script = (
            f"{bash_completion()}COMP_WORDS=({line}); COMP_CWORD={len(words)}; _heddle;"
            ' printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=True)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode().split()

    def test_every_shell_is_offered_every_verb_and_flag(self):
        for shell in ("bash", "zsh", "fish"):
            script = heddle("completion", shell).out
            for name in (*" ".join(verbs()).split(), "json", "help"):
                self.assertIn(name, script)

    def test_bash_completes_verbs_flags_and_words(self):
        self.assertEqual(self.complete("doc"), ["doctor"])
        self.assertEqual(set(self.complete("")), {*(verb.split()[0] for verb in verbs()), "--help", "--version"})
        self.assertEqual(self.complete("doctor", "--j"), ["--json"])
        self.assertEqual(self.complete("completion", "z"), ["zsh"])
        self.assertEqual(self.complete("nothing", ""), [])

    def test_bash_leaves_the_value_of_a_flag_to_file_names(self):
        if not has_toy():
            self.skipTest("this build has no verb toy")
        self.assertEqual(self.complete("toy", "--out", ""), [])
        self.assertEqual(self.complete("toy", "--qu"), ["--quick"])

    def test_the_other_shells_accept_their_scripts(self):
        for shell, check in (("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
            if shutil.which(shell):
                done = heddle("completion", shell)
                with tempfile.NamedTemporaryFile("w") as script:
                    script.write(done.out)
                    script.flush()
                    checked = subprocess.run([*check, script.name], capture_output=True, timeout=60)
                    self.assertEqual((checked.returncode, checked.stderr), (0, b""))

    def test_an_unknown_shell_is_refused(self):
        done = heddle("completion", "bsh")
        self.assertEqual((done.returncode, done.out), (2, ""))
        self.assertIn("did you mean 'bash'?", done.err)


if __name__ == "__main__":
    HEDDLE = sys.argv.pop()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as a shell has it, and its children with it
    unittest.main()
