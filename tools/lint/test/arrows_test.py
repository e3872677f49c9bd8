import unittest

import arrows

ROOMS = arrows.read_rooms("core=\ntensor=core\nstats=core\ntheory=tensor\n")


class RoomsTest(unittest.TestCase):
    def test_a_room_sees_itself_and_what_its_rooms_see(self):
        self.assertEqual(ROOMS["theory"], {"theory", "tensor", "core"})

    def test_a_room_that_sees_a_later_one_is_refused(self):
        with self.assertRaisesRegex(ValueError, "core sees tensor"):
            arrows.read_rooms("core=tensor\ntensor=\n")


class ArrowsTest(unittest.TestCase):
    def findings(self, path: str, text: str) -> list[str]:
        return [f"{finding.line} {finding.text}" for finding in arrows.check(path, text, ROOMS)]

    def test_includes_along_the_arrows_are_clean(self):
        text = '#include "heddle/theory/a.h"\n#include "heddle/core/error.h"\n#include <ATen/core/Tensor.h>\n'
        self.assertEqual(self.findings("heddle/theory/a.cc", text), [])

    def test_an_include_against_an_arrow_is_found_with_its_line(self):
        found = self.findings("heddle/stats/a.cc", '#include <vector>\n#include "heddle/tensor/a.h"\n')
        self.assertEqual(found, ["2 room stats does not see room tensor (CMakeLists.txt has the arrows)"])

    def test_a_room_s_tests_are_bound_by_its_arrows(self):
        self.assertEqual(len(self.findings("heddle/core/test/a_test.cc", '#include "heddle/tensor/a.h"\n')), 1)

    def test_apps_may_include_any_room_but_none_that_is_not_there(self):
        text = '#include "heddle/theory/a.h"\n  #  include "heddle/sim/a.h"\n'
        self.assertEqual(self.findings("apps/heddle/verb_a.cc", text), ["2 there is no room 'sim'"])

    def test_a_folder_that_is_no_declared_room_is_found(self):
        self.assertEqual(self.findings("heddle/wire/a.cc", ""), ["0 room wire is not declared in CMakeLists.txt"])

    def test_includes_in_rooms_are_written_from_the_root(self):
        found = self.findings("heddle/core/a.cc", '#include "error.h"\n#include "../tensor/a.h"\n')
        self.assertEqual(len(found), 2)
        self.assertIn("written from the root", found[0])

    def test_the_whole_of_torch_stands_in_no_header(self):
        self.assertIn("stands in no header", self.findings("heddle/theory/a.h", "#include <torch/torch.h>\n")[0])
        self.assertIn("stands in no header", self.findings("benchmarks/a/a.h", "#include <torch/all.h>\n")[0])

    def test_the_whole_of_torch_stands_in_named_sources_only(self):
        self.assertIn("arrows.py names", self.findings("heddle/theory/a.cc", "#include <torch/torch.h>\n")[0])


if __name__ == "__main__":
    unittest.main()
