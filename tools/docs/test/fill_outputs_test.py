import unittest

from fill_outputs import fill

PAGE = """# Page

<!-- test: fast here -->
```sh
heddle compare --counts a.csv
```

<!-- output -->
```text
old
```

```text
not an output
```
"""


class FillOutputs(unittest.TestCase):
    def test_output_is_replaced_and_nothing_else(self):
        filled = fill(PAGE, lambda command: f"new, of {command}")
        self.assertEqual(filled, PAGE.replace("old\n", "new, of heddle compare --counts a.csv\n"))

    def test_output_without_a_command_is_an_error(self):
        with self.assertRaises(SystemExit):
            fill("<!-- output -->\n```text\nold\n```\n", lambda command: "")


if __name__ == "__main__":
    unittest.main()
