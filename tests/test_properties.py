"""What must hold of every text, tried on texts nobody would think of: by Hypothesis, and by spoiling real pages.

A few seconds here; ``tests/bench.py --fuzz MINUTES`` goes on for as long as it is told to.
"""

from __future__ import annotations

import itertools
import re
from pathlib import PurePosixPath
from typing import Any

import pytest
from center import data, page, people, record, sources
from center.finding import DataError
from center.links import html as tree
from hypothesis import given
from hypothesis import strategies as st

from tests import fuzz

FUZZ = fuzz.Fuzz()
_FRONT = "---\ntitle: A\ndescription: B\nkind: plain\nchecked: 2026-11-01\nnext_check: 2027-11-01\nreviewers: []\n---\n"
#: Pieces of pages: a text of them is nearer to Markdown than one of mere signs.
_PIECES = st.sampled_from(
    [
        *(
            "# A\n",
            "## B {#b}\n",
            "### C\n",
            "- a\n",
            "    - b\n",
            "1. c\n",
            "> d\n",
            "\n",
            "\n\n",
            "a",
            " ",
            "    ",
            "\t",
        ),
        *("[a](b.md)", "[a](#b)", "[a][b]", "\n[b]: c.md\n", "![](a.svg)", "![a](b.svg)", "<a href='b.md'>", "</a>"),
        *(
            "[@stone]",
            "[@gone]",
            "[@a, @b]",
            "`",
            "```\n",
            "~~~\n",
            "| a | b |\n",
            "| - | - |\n",
            "<!--",
            "-->",
            "\\",
            "*",
            "_",
        ),
        *(
            "/// out-of-100\n",
            "///\n",
            "/// gone\n",
            "title: a\n",
            "---\n",
            "===\n",
            "{ .a #b }",
            "<div>\n",
            "<script>",
            "&amp;",
        ),
        *("\u2028", "\x0c", "\0", "é", "א", "🙂", "\ufeff", "\x85", "(", ")", "[", "]", "<", ">", "{", "}"),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=40).map("".join))
BODIES = st.lists(st.one_of(_PIECES, st.text(alphabet="ab \n#-[]()@`", max_size=8)), max_size=40).map("".join)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
    max_leaves=8,
)


@given(TEXTS)
def test_any_text_is_a_page(text: str) -> None:
    FUZZ.check(text)


@given(TEXTS)
def test_any_body_is_checked(text: str) -> None:
    FUZZ.check(_FRONT + text)


@given(BODIES)
def test_a_line_more_above_moves_each_finding_down_by_one(text: str) -> None:
    below = [(f.line, f.column, f.code) for f in FUZZ.findings(f"{_FRONT}\n{text}")]
    moved = [(f.line, f.column, f.code) for f in FUZZ.findings(f"{_FRONT}\n\n{text}")]
    # What the whole page lacks is told at its first line, whatever stands below.
    assert moved == [(line + (line > 1), column, code) for line, column, code in below]


@given(TEXTS)
def test_yaml_is_data_or_an_error_with_its_place(text: str) -> None:
    try:
        data.parse_yaml(text, "a.yml", first_line=7)
    except DataError as error:
        assert 7 <= error.line <= 8 + text.count("\n") + sum(text.count(end) for end in "\r\x85\u2028\u2029")
        assert error.column >= 1
        assert str(error).startswith(f"a.yml:{error.line}:{error.column}: ")


@given(TEXTS)
def test_front_matter_and_body_are_the_whole_text(text: str) -> None:
    for whole in (text, _FRONT + text, f"---\n{text}\n---\n{text}"):
        front, body, first = record.split(whole)
        assert whole.endswith(body)
        assert first == whole.removesuffix(body).count("\n") + 1 if body else first >= 1
        if front is not None:
            try:
                record.parse(front, "a.md")
            except DataError as error:
                assert error.line >= 1


@given(VALUES)
def test_a_picture_of_people_is_drawn_or_refused_in_words(value: Any) -> None:
    whole = {
        "title": "a",
        "people": "b",
        "time": "c",
        "source": "stone",
        "outcomes": ["d", "e"],
        "groups": {"f": [1, 99]},
    }
    assert people.parse(whole, {"stone"}).groups[0].counts == (1, 99)
    for given_data in (value, *({**whole, key: value} for key in whole)):
        try:
            drawn = people.parse(given_data, {"stone"}, ["person-year"])
        except ValueError as error:
            assert str(error)
        else:
            assert all(sum(group.counts) == people.BASE for group in drawn.groups)


@given(
    st.lists(st.from_regex(re.compile(sources.KEY), fullmatch=True), min_size=1, max_size=4),
    st.sampled_from([";", "; ", " ;\n"]),
)
def test_a_citation_gives_its_keys_back(keys: list[str], between: str) -> None:
    text = f"[{between.join(f'@{key}' for key in keys)}]"
    assert sources.citation_keys(text) == tuple(keys)
    found = sources.CITATION.search(f"a {text} b")
    assert found
    assert found[0] == text
    assert [c.keys for c in page.parse(f"a {text} b", "a.md", PurePosixPath("a.md")).citations] == [tuple(keys)]


@given(TEXTS)
def test_a_citation_is_found_in_time(text: str) -> None:
    for found in sources.CITATION.finditer(f"[@{text}"):
        assert sources.citation_keys(found[0]) == () or found[0].endswith("]")


@given(TEXTS)
def test_any_text_is_a_built_page(text: str) -> None:
    FUZZ.check_built(text)
    FUZZ.check_built(f"<p title='a'>{text}</p>")


_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["id", "href", "src", "alt", "class", "data-center", "Title", "xlink:href", "hidden"]),
    st.text(alphabet="ab /#&;.é\n", max_size=8),
    max_size=3,
)
_BLANKS = st.sampled_from([" ", "\n", "  "])
_QUOTES = st.sampled_from(["'", '"'])


@st.composite
def html(draw: st.DrawFn) -> str:
    """HTML without a fault, of the sort that templates write."""
    parts = []
    for _ in range(draw(st.integers(0, 12))):
        tag = draw(st.sampled_from(["p", "A", "img", "div", "svg", "path", "br", "h2", "td"]))
        quote, blank = draw(_QUOTES), draw(_BLANKS)
        named = "".join(f"{blank}{name}={quote}{value}{quote}" for name, value in draw(_ATTRIBUTES).items())
        parts.append(f"<{tag}{named}{draw(st.sampled_from(['', '', ' /']))}>")
        parts.append(draw(st.text(alphabet="ab >&;é\n", max_size=8)))
        parts.append(
            draw(
                st.sampled_from(
                    ["", f"</{tag}>", "<!-- <p> -->", "<script>a<b</script>", "<STYLE></STYLE >", "<!doctype html>"]
                )
            )
        )
    return "".join(parts)


@given(html())
def test_an_address_is_where_it_is_said_to_be(text: str) -> None:
    """Each stands behind the name of its attribute, at the line and column that are printed."""
    read = tree.read(text, "https://example.org/")
    lines = text.split("\n")
    for found in read.addresses():
        line, column = read.place(found.element, found.attribute)
        assert lines[line - 1][column - 1 :].lower().startswith(f"{found.attribute}="), found


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_pages_are_checked(seed: int) -> None:
    """Real pages, a few of their bytes changed: seconds of it, the same each time."""
    for _ in itertools.islice(fuzz.rounds(seed), 60):
        pass
