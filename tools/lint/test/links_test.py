import unittest

import links

PAGES = {"docs/other.md": "# A title\n## The `heddle` verb: what?\n## Twice\n## Twice\n", "docs/images/a.png": ""}


class LinksTest(unittest.TestCase):
    def findings(self, text: str, page: str = "docs/page.md") -> list[str]:
        there = {*PAGES, page, "docs", "docs/images"}
        return [f"{f.line} {f.text}" for f in links.check(page, text, there.__contains__, PAGES.__getitem__)]

    def test_links_that_lead_somewhere_are_clean(self):
        text = (
            "# Here\n[a](other.md) [b](other.md#a-title) ![c](images/a.png) [d](#here) [e](../docs/other.md)\n"
            '[f](https://example.org/nowhere) <img src="images/a.png" alt="">\n[g]: other.md "title"\n'
        )
        self.assertEqual(self.findings(text), [])

    def test_a_missing_page_is_found_with_its_line(self):
        self.assertEqual(self.findings("\n[a](gone.md)\n"), ["2 dead link: gone.md (there is no docs/gone.md)"])

    def test_a_missing_picture_is_found_in_markdown_and_html(self):
        self.assertEqual(len(self.findings('![a](images/b.png)\n<img width="9" src="images/c.png">\n')), 2)

    def test_a_linked_picture_is_checked_inside_and_outside(self):
        self.assertEqual(len(self.findings("[![a](images/b.png)](gone.md)\n")), 2)

    def test_a_missing_heading_is_found_here_and_elsewhere(self):
        self.assertEqual(len(self.findings("[a](other.md#gone) [b](#gone)\n")), 2)

    def test_headings_make_the_anchors_that_renderers_make(self):
        self.assertEqual(links.anchors(PAGES["docs/other.md"]), {"a-title", "the-heddle-verb-what", "twice", "twice-1"})

    def test_a_missing_reference_definition_target_is_found(self):
        self.assertEqual(len(self.findings("[a]: gone.md\n")), 1)

    def test_code_is_no_link(self):
        self.assertEqual(self.findings("`[a](gone.md)`\n```sh\n[a](gone.md)\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
