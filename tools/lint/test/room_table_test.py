import unittest

import room_table

ROOMS = "core=\ntensor=core\ntheory=tensor,core\n"
PAGE = """| folder | what |
| --- | --- |
| `web` | pages |

| room | what it holds | sees |
| --- | --- | --- |
| `core` | errors | |
| `tensor` | shapes of `at::Tensor` | `core` |
| `theory` | formulas | `core`, `tensor` |
"""


class RoomTableTest(unittest.TestCase):
    def findings(self, page: str) -> list[str]:
        return [f"{f.line} {f.text}" for f in room_table.check(page, ROOMS)]

    def test_a_true_table_is_clean(self):
        self.assertEqual(self.findings(PAGE), [])

    def test_a_missing_room_is_found(self):
        self.assertEqual(
            self.findings(PAGE.replace("| `core` | errors | |\n", "")), ["0 the table of rooms lacks core"]
        )

    def test_a_room_that_is_not_there_is_found(self):
        self.assertEqual(self.findings(PAGE + "| `sim` | worlds | `core` |\n"), ["10 there is no room sim"])

    def test_a_wrong_arrow_is_found(self):
        wrong = PAGE.replace("| `core`, `tensor` |", "| `tensor` |")
        self.assertEqual(self.findings(wrong), ["9 theory sees tensor, core"])


if __name__ == "__main__":
    unittest.main()
