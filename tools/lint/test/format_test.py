import tempfile
import unittest
from pathlib import Path

import format
import tree


class FormatTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        (self.root / ".clang-format").write_text((tree.ROOT / ".clang-format").read_text())
        (self.root / "ruff.toml").write_text((tree.ROOT / "ruff.toml").read_text())

    def write(self, name: str, text: str) -> str:
        (self.root / name).write_text(text)
        return name

    def test_misplaced_cpp_is_found_where_it_stands(self):
        files = [self.write("good.cc", "int F() { return 1; }\n"), self.write("bad.cc", "int a;\nint  *p;\n")]
        self.assertEqual([(f.path, f.line) for f in format.check_cpp(files, self.root)], [("bad.cc", 2)])

    def test_a_fault_is_found_whatever_part_of_the_files_it_is_in(self):
        files = [self.write(f"f{i:02}.cc", "int a;\n") for i in range(2 * format.FILES_AT_ONCE)]
        for name in (files[3], files[-1]):
            self.write(name, "int   a;\n")
        self.assertEqual([f.path for f in format.check_cpp(files, self.root)], [files[3], files[-1]])

    def test_misplaced_python_is_found(self):
        files = [self.write("good.py", "a = 1\n"), self.write("bad.py", "a  =  1\n")]
        self.assertEqual([f.path for f in format.check_python(files, self.root)], ["bad.py"])

    def test_an_unused_import_is_found_with_its_line(self):
        findings = format.check_python([self.write("bad.py", "a = 1\nimport os\n")], self.root)
        self.assertTrue(any(f.line == 2 and "F401" in f.text for f in findings), findings)

    def test_scripts_without_suffix_are_python_by_their_first_line(self):
        self.assertTrue(format.is_script(self.root / self.write("tool", "#!/usr/bin/env python3\n")))
        self.assertFalse(format.is_script(self.root / self.write("other", "#!/usr/bin/env bash\n")))


if __name__ == "__main__":
    unittest.main()
