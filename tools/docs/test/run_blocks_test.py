import tempfile
import unittest
from pathlib import Path

import run_blocks

HEDDLE = Path("/nowhere/heddle")


class ParseTest(unittest.TestCase):
    def test_blocks_come_with_their_place_and_kind(self):
        page = (
            "# A\n\n<!-- test: fast -->\n\n```sh\na\nb\n```\n\n"
            "```text\nout\n```\n<!-- test: slow here -->\n```sh\nc\n```\n"
        )
        self.assertEqual(
            run_blocks.parse("p.md", page),
            [run_blocks.Block("p.md", 5, "fast", False, "a\nb\n"), run_blocks.Block("p.md", 14, "slow", True, "c\n")],
        )

    def test_a_page_that_hides_commands_from_the_test_is_refused(self):
        for page, message in {
            "```sh\na\n```\n": "p.md:1: say before this block how it is tested",
            "<!-- test: fast -->\nBut first:\n```sh\na\n```\n": "p.md:3: say before",
            "<!-- test: fast -->\n```sh\na\n```\n```sh\nb\n```\n": "p.md:5: say before",
            "<!-- test: never -->\n```sh\na\n```\n": "p.md:2: say before",
            "```\na\n```\n": "p.md:1: say what this block is",
            "```bash\na\n```\n": "p.md:1: write commands as ```sh",
            "text\n```sh\na\n": "p.md:2: this fence is never closed",
        }.items():
            with self.subTest(page), self.assertRaisesRegex(run_blocks.PageError, f"^{message}"):
                run_blocks.parse("p.md", page)


class SetupTest(unittest.TestCase):
    def block(self, text: str) -> run_blocks.Block:
        return run_blocks.Block("p.md", 1, "setup", False, text)

    def test_main_commands_that_a_script_runs_are_accepted(self):
        scripts = "step 'all' make test\n"
        run_blocks.check_setup(self.block("git clone URL\ncd heddle\nmake test   # a minute\n"), scripts)

    def test_main_commands_that_nothing_runs_are_refused(self):
        with self.assertRaisesRegex(run_blocks.PageError, "runs 'make quickstart'"):
            run_blocks.check_setup(self.block("make quickstart\n"), "make quickstart-all\nmake test\n")


class RunTest(unittest.TestCase):
    def run_text(self, text: str) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            return run_blocks.run(run_blocks.Block("p.md", 1, "fast", False, text), Path(folder), HEDDLE)

    def test_a_block_fails_if_any_of_its_commands_does(self):
        self.assertTrue(self.run_text("true\necho a | grep -q a\n"))
        self.assertFalse(self.run_text("false\ntrue\n"))
        self.assertFalse(self.run_text("false | cat\n"))

    def test_blocks_find_the_folder_of_the_binary_first_on_the_path(self):
        self.assertTrue(self.run_text(f'[ "${{PATH%%:*}}" = {HEDDLE.parent} ]\n'))


if __name__ == "__main__":
    unittest.main()
