import unittest

import words


class WordsTest(unittest.TestCase):
    def test_planted_faults_are_found_with_their_lines(self):
        # Put together here, so that this file holds none of them.
        for fault in (
            "see https://pypi" + ".org/simple",
            "pip install --extra-index" + "-url=x torch",
            "registry" + " = somewhere",
            '"resolved": ' + '"https://host/a.tgz"',
            "cd /" + "home/me/heddle",
            "-I/" + "root/include",
            "// TO" + "DO: later",
            "# FIX" + "ME",
        ):
            with self.subTest(fault):
                self.assertEqual([f.line for f in words.check("a.txt", f"fine\n{fault}\n")], [2])

    def test_ordinary_text_is_clean(self):
        # Put together here too: below another folder these are nobody's paths.
        parts = (
            "net/wo" + "rk/flow",
            "${root}/wo" + "rk/a",
            "~/Us" + "ers/me/x",
            "mktemp -d heddle.XXXXXX",
            "https://arxiv.org",
        )
        text = "\n".join(parts)
        self.assertEqual(words.check("a.txt", text), [])

    def test_a_large_file_is_found(self):
        self.assertIn("1.5 MB", words.check_size("a.bin", 1_500_000)[0].text)
        self.assertEqual(words.check_size("a.bin", 1_000_000), [])


if __name__ == "__main__":
    unittest.main()
