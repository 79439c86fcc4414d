"""Odd but legal Markdown, read as the engine that builds the site reads it: the same headings, links and citations.

Where the two differed, the checks would be silent about what stands on the site, or find what does not.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from center import page
from center.data import LenientParser
from hypothesis import given
from hypothesis import strategies as st

from tests import test_properties  # noqa: F401  (its profile of Hypothesis)
from tests.test_corpus import build

#: Each is a shape on its own; together, in any order, they are the texts of the property below.
SHAPES = {
    "code between fences": "```\n[x](gone.md) [@stone]\n```\n",
    "code between fences, named": "``` py\n[x](gone.md)\n\n## B {#b}\n```\n",
    "code between tildes": "~~~\n[x](gone.md)\n~~~\n[y](y.md)\n",
    "a fence with words behind it": "``` more words\n[x](x.md)\n```\n",
    "a fence that is not closed": "```\n[x](x.md) [@stone]\n\n## B {#b}\n",
    "tildes that are not closed": "~~~\n[x](x.md)\n\n## B {#b}\n",
    "a fence that ends in more signs": "```\n[x](x.md)\n`````\n\n[y](y.md)\n",
    "a fence set in": "  ```\n  [x](x.md)\n\n  [y](y.md)\n  ```\n",
    "a fence right below words": "words\n```\n[x](gone.md)\n```\n[y](y.md)\n",
    "a fence in a list": "- a\n\n    ```\n    [x](gone.md) [@stone]\n    ```\n",
    "a fence in a list, with a blank line": "- a\n\n    ```\n    [x](x.md)\n\n    [y](y.md) [@stone]\n    ```\n",
    "code set in": "    [x](gone.md)\n",
    "words set in": "words\n    [x](x.md)\n",
    "code in a list": "- a\n\n        [x](gone.md)\n",
    "code in a line": "`[x](gone.md) [@stone]`\n",
    "code over lines": "`[x](gone.md)\n[@stone]`\n",
    "an escaped tick": "\\`[x](x.md)`\n",
    "a citation in an attribute": 'words <a href="b.md" title="[@stone]">x</a>\n',
    "a citation in an element for code": "words <code>[@stone]</code>\n",
    "a citation before brackets": "[@stone](b.md)\n",
    "an escaped citation": "\\[@stone] [\\@stone]\n",
    "citations side by side": "a [@stone] [@stone; @other_2020]\n",
    "a citation in a cell": "| a | b |\n| - | - |\n| [x](b.md) | [@stone] |\n",
    "a comment": "<!-- [@stone]\n\n[x](gone.md) -->\n",
    "a comment in a line": "words <!-- [x](gone.md) [@stone] --> [y](y.md)\n",
    "a comment in a list": "- a <!-- [@stone]\n  [x](gone.md) -->\n- b\n",
    "a comment set in in a list": "- a\n\n    <!-- [@stone]\n    [x](gone.md) -->\n\n- b\n",
    "a comment that is not closed": "<!-- [x](x.md)\n\n[y](y.md)\n",
    "an element with Markdown in it": "<div>\n\n[x](gone.md) [@stone]\n\n## B {#b}\n\n</div>\n\n[z](z.md)\n",
    "details": "<details>\n<summary>a</summary>\n\n- [x](gone.md)\n\n</details>\n",
    "an element set in": "  <div>\n\n[x](gone.md)\n  </div>\n",
    "an element below words": "words\n<div>\n\n[x](gone.md)\n</div>\n",
    "an element and words on its line": "<div>a</div> [x](x.md)\n\n[y](y.md)\n",
    "an element with links": '<p id="p"><a href="x.md">x</a> [y](gone.md)</p>\n',
    "an element of lines": '<span id="s">\n[x](x.md)\n</span>\n',
    "a script": "<script>\n[x](gone.md)\n\n[y](gone.md)\n</script>\n",
    "shown as it is": "<pre>\n[x](gone.md)\n\n[@stone]\n</pre>\n",
    "a heading with a line below it": "A {#b}\n---\n",
    "a heading with one sign below it": "A {#b}\n=\n",
    "two lines and a line below them": "A\nB {#b}\n---\n",
    "a line below that is set in": " A {#b}\n ---\n",
    "a heading without a space": "##B {#b}\n",
    "a heading below words": "words\n## B {#b}\nmore\n",
    "a heading set in": " ## B {#b}\n",
    "a heading in a list": "- a\n\n    ## B {#b}\n",
    "a heading in a quote": "> ## B {#b}\n",
    "a heading that is closed": "## B {#b} ##\n\n## C ## {#c}\n",
    "a heading with seven signs": "####### B {#b}\n",
    "a heading with a class": "## B { .x #b }\n",
    "a link by reference": "[a][b], [b], [b][]\n\n[b]: c.md\n",
    "a reference below words": "words [a][b]\n[b]: c.md\n",
    "a reference in a list": "- [a][b]\n\n    [b]: c.md\n",
    "an address in brackets": "[x](<b c.md>) [y](b(c).md)\n",
    "words over lines": '[x\ny](b.md "t")\n',
    "no words": "[](b.md)\n",
    "a picture": "![a](b.svg)\n",
    "an id behind emphasis": "*words*{ #b }\n",
    "an id on a line of its own": "words\n{ #b }\n",
    "an id in a line": "words { #b } more\n",
    "an attribute list behind an element": "<b>words</b>{ #b } \\*{ #b }\n",
    "a list set in": "- a\n    - [b](b.md)\n        - [c](c.md)\n",
    "a heading right below a list": "- a\n- b\n## B {#b}\n",
    "a line below an item": "1. c\n---\n",
    "a line below two items": "- a\n- b\n---\n",
    "a line below a quote": "> d\n---\nwords\n",
    "a line below a line": "words\n\n---\n---\n",
    "a line below a heading": "## B {#b}\n===\n",
    "a line set in, below an item": "- a\n    ---\nb\n",
    "a line below an address": "words\n\n[b]: c.md\n===\n",
    "a rule": "a\n\n---\n\nb\n",
}


class Seen(LenientParser):
    """Headings, addresses, ids and how many citations there are in built HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.cited = 0
        self.feed(html.split('<section class="sources"')[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if named.get("id", "").startswith("cite-"):
            self.cited += 1
            return
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), named.get("id", "")))
        elif "id" in named:
            self.ids.add(named["id"])
        self.targets += [named[name] for name in ("href", "src") if name in named]


def same(text: str) -> None:
    """Hold what is read of a text to what is built of it."""
    read = page.parse(text, "a.md", PurePosixPath("a.md"))
    built = Seen(build(text))
    given_ids = {heading.id for heading in read.headings} - {None}
    assert [heading.level for heading in read.headings] == [level for level, _ in built.headings], text
    for heading, (_, id_) in zip(read.headings, built.headings, strict=True):
        assert heading.id in (id_, None), text
    assert sorted(link.target for link in read.links) == sorted(built.targets), text
    assert len([key for citation in read.citations for key in citation.keys]) == built.cited, text
    assert read.anchors - given_ids == built.ids - given_ids, text


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_read_as_it_is_built(name: str) -> None:
    same(SHAPES[name])


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_among_words_is_read_as_it_is_built(name: str) -> None:
    same(f"# A\n\nWords.\n\n{SHAPES[name]}\nMore words, and [a link](d.md).\n")


#: What of a shape may stand in a list or a quote: not a script, in which this test would see nothing, nor what would
#: be set in by more than a level.
_INSIDE = sorted(SHAPES.keys() - {"a script", "a fence set in"})


@pytest.mark.parametrize(("first", "rest"), [("- a\n\n", "    "), ("1. a\n\n", "    "), ("", "> ")])
@pytest.mark.parametrize("name", _INSIDE)
def test_a_shape_in_a_list_or_a_quote_is_read_as_it_is_built(name: str, first: str, rest: str) -> None:
    same(first + re.sub(r"^(?=.)" if first else "^", rest, SHAPES[name], flags=re.M))


@given(st.lists(st.sampled_from(sorted(SHAPES)), min_size=2, max_size=5))
def test_shapes_one_after_another_are_read_as_they_are_built(names: list[str]) -> None:
    same("\n".join(SHAPES[name] + "\nWords.\n" for name in names))


@pytest.mark.parametrize(("words", "items"), [("", 2), ("words\n", 0), ("words\n\n", 2), ("> a\n\n", 2)])
def test_a_list_is_one_where_it_is_built_as_one(words: str, items: int) -> None:
    text = f"## A {{#a}}\n{words}- b\n- c\n    - d\n"
    read = page.parse(text, "a.md", PurePosixPath("a.md"))
    assert sum(listed.items for listed in read.lists) == items
    assert ("<li>" in build(text)) == (items > 0)


@pytest.mark.parametrize(("words", "cells"), [("", 4), ("words\n", 0), ("words\n\n", 4)])
def test_a_table_is_one_where_it_is_built_as_one(words: str, cells: int) -> None:
    text = f"{words}| a | b |\n| - | - |\n| c | d |\n"
    read = page.parse(text, "a.md", PurePosixPath("a.md"))
    assert [run.kind for run in read.prose.runs].count("cell") == cells == len(re.findall("<t[hd]>", build(text)))


def test_a_footnote_of_one_word_is_no_link() -> None:
    read = page.parse("a[^1] [b]\n\n[^1]: word\n\n[b]: c.md\n", "a.md", PurePosixPath("a.md"))
    assert [link.target for link in read.links] == ["c.md"]
    assert read.prose.footnotes == (("1", 3),)
