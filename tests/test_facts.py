"""What is read from a page, a data file or a built site, and the words for what cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from textwrap import dedent

import pytest
from center import contract, data, glossary, people, record, site, sources, wording
from center.finding import DataError
from center.page import Page, parse

_FRONT = "---\ntitle: A\n---\n"


def page(text: str) -> Page:
    return parse(text, "a.md", PurePosixPath("a.md"))


def links(text: str) -> list[tuple[str, int, int]]:
    return [(link.target, link.line, link.column) for link in page(text).links]


def citations(text: str) -> list[tuple[tuple[str, ...], int, int]]:
    return [(c.keys, c.line, c.column) for c in page(text).citations]


@pytest.mark.parametrize("before", ["", _FRONT, _FRONT.replace("\n", "\r\n")], ids=["alone", "front", "CRLF"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](b.md)", [("b.md", 1, 5)]),
        ("Words\n\nand [a](b.md)\nand [a](b.md), [a](b.md).", [("b.md", 3, 9), ("b.md", 4, 9), ("b.md", 4, 20)]),
        ("[a](b.md#x) [a](b.md)", [("b.md#x", 1, 5), ("b.md", 1, 17)]),
        ("[a](b.md) [a](b.md#x)", [("b.md", 1, 5), ("b.md#x", 1, 15)]),
        ("b.md, `](b.md)` and [a](<b.md> 'c')", [("b.md", 1, 26)]),
        ("<https://b> [a]( https://b )", [("https://b", 1, 2), ("https://b", 1, 18)]),
        ("| a |\n| - |\n| [a](b) [a](b) |\n| [a](b) |", [("b", 3, 7), ("b", 3, 14), ("b", 4, 7)]),
        ("| [a](b) | [a](b) |\n| - | - |", [("b", 1, 7), ("b", 1, 16)]),
        ("- a\n    - [a](b)\n    - > [a](b)", [("b", 2, 11), ("b", 3, 13)]),
        ("## A [a](b) {#a}", [("b", 1, 10)]),
        ("a\n[![a](b)](c)\n![a](b)", [("b", 2, 7), ("c", 2, 11), ("b", 3, 6)]),
        ("a\n<a\nhref='b'>c</a>\n\n<p>\n<img src=b>", [("b", 2, 1), ("b", 6, 1)]),
        ("a\n\n[a][b] [b]\n\n[b]: c", [("c", 3, 1), ("c", 3, 1)]),
        ("a\u2028b\x0c\x0b\x85\n\n[a](b)", [("b", 3, 5)]),
        ("```\n[a](b)\n```\n\n    [a](b)\n\n`[a](b)` \\[a](b) <!-- [a](b) -->", []),
    ],
)
def test_links(before: str, text: str, found: list[tuple[str, int, int]]) -> None:
    above = before.count("\n")
    assert links(before + text) == [(target, line + above, column) for target, line, column in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [@b] c", [(("b",), 1, 3)]),
        ("a [@b; @c-d_e:f.g]", [(("b", "c-d_e:f.g"), 1, 3)]),
        ("a [@b]\n[@b] [@b]", [(("b",), 1, 3), (("b",), 2, 1), (("b",), 2, 6)]),
        ("| [@b] | [@b] |\n| - | - |\n| [@b] | **[@b]** |", [("b", 1, 3), ("b", 1, 10), ("b", 3, 3), ("b", 3, 12)]),
        ("- a\n    - [@b]", [(("b",), 2, 7)]),
        ("## A [@b] {#a}", [(("b",), 1, 6)]),
        ("a [@b, @c] [@] [@b p. 3]", [((), 1, 3), ((), 1, 12), ((), 1, 16)]),
        ("a [@b;\n@c]", [(("b", "c"), 1, 3)]),
        ("`[@b]` \\[@b] &#91;@b] [a @b] @b `[@b]` [@b]", [(("b",), 1, 40)]),
        ("```\n[@b]\n```\n\n    [@b]", []),
    ],
)
def test_citations(text: str, found: list[tuple[tuple[str, ...] | str, int, int]]) -> None:
    wanted = [(tuple(keys), line, column) for keys, line, column in found]
    assert citations(text) == wanted
    assert citations(_FRONT + text) == [(keys, line + 3, column) for keys, line, column in wanted]


def test_headings() -> None:
    text = "# A `b` *c*\n\nD {#d}\n---\n### E { .f #g h=i }\n#### {: #j }\n##### K {.l}\n\n```\n# no\n```"
    assert [(h.level, h.text, h.id, h.line) for h in page(_FRONT + text).headings] == [
        (1, "A `b` *c*", None, 4),
        (2, "D", "d", 6),
        (3, "E", "g", 8),
        (4, "", "j", 9),
        (5, "K", None, 10),
    ]


def test_only_headings_just_below_the_title_are_sections() -> None:
    found = page("# A {#a}\n\n## B {#b}\n\n### C {#c}\n")
    assert sorted(found.sections) == ["b"]
    assert sorted(found.ids) == ["a", "b", "c"]


def test_anchors_are_ids_by_hand() -> None:
    text = 'A\n{ .b #c }\n\n<p id="d"><a name="e"></a></p>\n\nA <b id=f>b</b> `{#g}`\n\n<input name="h">'
    assert page(text).anchors == {"c", "d", "e", "f"}


def test_lists_are_the_first_of_their_section() -> None:
    text = "- a\n\n## B {#b}\n\n- a\n    - b\n- c\n\n1. d\n\n## C {#c}\n\n### D {#d}\n\n- e\n\n## F {#f}\n\n1. g\n"
    assert [(listed.section, listed.items, listed.line) for listed in page(text).lists] == [("b", 2, 5), ("f", 1, 19)]


def test_blocks() -> None:
    text = "```\n/// a\n```\n/// b\nc: 1\n///\n ////d\n///\n  ////\n/// e\n/// f g\n///\n///\n"
    assert [(b.name, b.data, b.line, b.closed) for b in page(_FRONT + text).blocks] == [
        ("b", {"c": 1}, 7, True),
        ("d", "///", 10, True),
        ("e", None, 13, False),
        ("f g", None, 14, True),
        ("", None, 16, False),
    ]
    (block,) = page(_FRONT + "/// a\nb: 1\nc: d: e\n///").blocks
    assert block.error
    assert (block.error.line, block.error.column) == (6, 5)


@pytest.mark.parametrize("text", ["", "\n", "---", "---\n", "---\n---", "///", "/// ", "```", "<", "<![a[", "[@", "\0"])
def test_scraps_are_read(text: str) -> None:
    """What is left of a page in the middle of typing stops nothing."""
    assert page(text).lines


def test_front_matter_has_lines() -> None:
    known = page("---\ntitle: A\n\nkind: b\nchecked: 2026-11-22\nreviewers: ''\n---\n").record
    assert known
    assert [known.line(key) for key in ("title", "kind", "checked", "gone")] == [2, 4, 5, 1]
    assert (known.get("title"), known.get("reviewers"), known.get("gone")) == ("A", None, None)
    assert record.split("---\na: b\n...\nc\n") == ("a: b\n", "c\n", 4)
    assert record.split("a\n---\nb: c\n---\n") == (None, "a\n---\nb: c\n---\n", 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: 1\nb: 2\na: 3", 13, 1, "'a' stands twice"),
        ("a:\n  b: 1\n  b: 2", 13, 3, "'b' stands twice"),
        ("a: 1\nb: c: d", 12, 5, 'put quotes around a text with a colon in it, such as b: "c: d"'),
        ("? [a]\n: b", 11, 3, "a key must be a plain word"),
        ("a: !!bool maybe", 11, 4, "'maybe' must be true or false"),
        ("a: !!timestamp never", 11, 4, "'never' must be a day"),
        ("a: !!int ''", 11, 4, "'' must be a number"),
        ("a: 1\nb: 2026-11-31", 12, 4, "'2026-11-31' must be a day that there is, such as 2026-11-22"),
        ("a: !!python/name:os.system b", 11, 4, "could not determine a constructor"),
        ("a: &b [*b]", 11, 4, "recursive"),
        ("a: \x07", 11, 1, "not valid YAML"),
        ("[" * 100_000, 11, 51, "nests too deeply"),
    ],
)
def test_yaml_that_cannot_be_used(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(DataError, match=says) as told:
        data.parse_yaml(text, "a.yml", first_line=11)
    assert (told.value.line, told.value.column) == (line, column)


def test_yaml_that_can() -> None:
    assert data.parse_yaml("a: &a {b: 1}\nc:\n  <<: *a\n  d: 2\n1: e", "a.yml") == {
        "a": {"b": 1},
        "c": {"b": 1, "d": 2},
        1: "e",
    }


_PICTURE = {
    "title": "What happened",
    "people": "People with a test condition",
    "time": "In one year",
    "source": "a; @b",
    "outcomes": ["Better", "Not better"],
    "groups": {"With": [60, 40], 2: [0, 100]},
}


def test_people() -> None:
    made = people.parse(_PICTURE, ["a", "b"], ["person-year"])
    assert made.sources == ("a", "b")
    assert made.groups == (people.Group("With", (60, 40)), people.Group("2", (0, 100)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"titel": "A"}, "unknown key 'titel'; the keys are title, people, time, source, outcomes, groups"),
        *(({key: None}, f"'{key}' is missing") for key in _PICTURE),
        ({"outcomes": []}, "'outcomes' is missing"),
        ({"title": " "}, "'title' must be a few words"),
        ({"time": True}, "'time' must be a few words"),
        ({"people": ["A"]}, "'people' must be a few words"),
        ({"source": "a; c"}, "source 'c' is not in the references"),
        ({"source": "a;"}, "source '' is not in the references"),
        ({"outcomes": "Better"}, "'outcomes' must be a list of 2 or 3 short texts"),
        ({"outcomes": ["A"]}, "'outcomes' must be a list of 2 or 3"),
        ({"outcomes": ["A", "B", "C", "D"]}, "'outcomes' must be a list of 2 or 3"),
        ({"outcomes": ["A", 1]}, "'outcomes' must be a list of 2 or 3"),
        ({"groups": [[60, 40]]}, "'groups' must be 1 to 4 lines of 'name: [count, count]'"),
        ({"groups": {n: [60, 40] for n in range(5)}}, "'groups' must be 1 to 4 lines"),
        ({"groups": {"A": 60}}, "group 'A' needs one count for each outcome"),
        ({"groups": {"A": [60, 30, 10]}}, "group 'A' needs one count for each outcome"),
        ({"groups": {"A": [60.5, 39.5]}}, "group 'A': 60.5 must be a whole number of people from 0 to 100"),
        ({"groups": {"A": [101, -1]}}, "group 'A': 101 must be a whole number"),
        ({"groups": {"A": [True, 99]}}, "group 'A': True must be a whole number"),
        ({"groups": {"A": ["60", 40]}}, "group 'A': '60' must be a whole number"),
        ({"groups": {"A": [60, 41]}}, "group 'A': the counts must add up to 100, not 101"),
        ({"time": "Per 100 Person-Years"}, "'person-year' is a rate over time, never people out of 100"),
        ({"groups": {"Each person-year": [60, 40]}}, "'person-year' is a rate over time"),
    ],
)
def test_people_that_cannot_be_drawn(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}"):
        people.parse(_PICTURE | change, ["a", "b"], ["person-year"])


@pytest.mark.parametrize("given", [None, "words", ["a"], 3])
def test_people_need_data(given: object) -> None:
    with pytest.raises(ValueError, match="the block needs lines of"):
        people.parse(given, [])


def refused(load: Callable[[Path], object], file: Path, text: str) -> str:
    """Line and message with which a data file is refused, "3: what must be"; the file must be named too."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as told:
        load(file)
    assert told.value.path == file
    return f"{told.value.line}: {told.value.message}"


_SOURCE = """\
- id: a
  type: book
  title: A
  custom: {kind: trial, confidence: read}
- type: book
  id: b-2
  title: B
  DOI: 10.1/b
  URL: https://example.org/b
  custom:
    kind: review
    confidence: known
"""


def test_sources(tmp_path: Path) -> None:
    file = tmp_path / "references.yml"
    file.write_text(_SOURCE)
    found = sources.load(file)
    assert [(r.key, r.line, r.kind, r.confidence, r.url) for r in found.values()] == [
        ("a", 1, "trial", "read", ""),
        ("b-2", 6, "review", "known", "https://doi.org/10.1/b"),
    ]
    file.write_text(_SOURCE + "- {id: c3, type: book, title: C, custom: {kind: a, confidence: read}}\n")
    assert list(sources.load(file)) == ["a", "b-2", "c3"], "a file that changed is read again"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (_SOURCE, "a: b", 1, "references must be a YAML list"),
        (_SOURCE, "", 1, "references must be a YAML list"),
        ("  id: b-2", "  id: b-", 1, "reference number 2 needs an 'id'"),
        ("  id: b-2", "  id: 2", 1, "reference number 2 needs an 'id'"),
        ("  id: b-2", "  name: b", 1, "reference number 2 needs an 'id'"),
        (_SOURCE, "- a", 1, "reference number 1 needs an 'id'"),
        ("id: b-2", "id: a", 1, "reference 'a' stands twice"),
        ("- type: book\n", "- \n", 6, "reference 'b-2' needs a 'type'"),
        ("title: B", "title: 2", 6, "reference 'b-2' needs a 'title'"),
        ("    kind: review\n", "", 6, "reference 'b-2' needs 'custom' with 'kind' and 'confidence'"),
        ("confidence: read", "confidence: verified", 1, "reference 'a': say under 'checked'"),
        ("type: book", "type: book\n  author: Us", 1, "reference 'a': 'author' must be a list of"),
        ("type: book", "type: book\n  author: [{name: Us}]", 1, "reference 'a': 'author' must be a list of"),
        ("custom: {kind: trial, confidence: read}", "custom: a", 1, "reference 'a' needs 'custom'"),
        ("known", "sure", 6, "reference 'b-2': 'confidence' must be one of read, verified, known"),
        ("    kind: review", "    kind: review\n    kinds: a", 6, "reference 'b-2': unknown custom field 'kinds'"),
        ("    kind: review", "    kind: review\n    3: a\n    b: c", 6, "reference 'b-2': unknown custom field '3'"),
        ("title: B", "title: B\n  issued: 2020", 6, "reference 'b-2': 'issued' must hold 'date-parts'"),
        ("title: B", "title: B\n  accessed: {a: 1}", 6, "reference 'b-2': 'accessed' must hold 'date-parts'"),
    ],
)
def test_sources_that_cannot_be_used(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert refused(sources.load, tmp_path / "a.yml", _SOURCE.replace(old, new)).startswith(f"{line}: {says}")


_TERMS = """\
- id: a
  term: A
  meaning: The first.
  group: Letters
  match: [a, A1]
- id: b-c
  term: B
  meaning: The second.
  group: Letters
  say: BEE
  abbr: [B.]
  match: [ab]
"""


def test_glossary(tmp_path: Path) -> None:
    file = tmp_path / "glossary.yml"
    file.write_text(_TERMS)
    terms = glossary.load(file)
    assert terms[1] == glossary.Term("b-c", "B", "The second.", "Letters", "BEE", ("B.",), (), ("ab",))
    pattern, by_form = glossary.pattern(terms)
    assert pattern.findall("A a ab-a AB A1 a1 cab [a]") == ["A", "a", "AB", "A1", "a"]
    assert by_form["ab"].id == "b-c"
    assert not glossary.pattern(())[0].search("a")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (_TERMS, "a: b", 1, "the glossary must be a YAML list"),
        ("id: b-c", "id: B", 1, "term number 2 needs an 'id'"),
        ("id: b-c", "id: b--c", 1, "term number 2 needs an 'id'"),
        ("id: b-c", "id: 3", 1, "term number 2 needs an 'id'"),
        (_TERMS, "- a", 1, "term number 1 needs an 'id'"),
        ("id: b-c", "id: a", 1, "term 'a' stands twice"),
        ("say: BEE", "sya: BEE", 6, "term 'b-c': unknown key 'sya'"),
        ("say: BEE", "sya: BEE\n  3: a", 6, "term 'b-c': unknown key '3'"),
        ("term: B", "term: ' '", 6, "term 'b-c' needs a 'term'"),
        ("meaning: The second.", "meaning: 2", 6, "term 'b-c' needs a 'meaning'"),
        ("  group: Letters\n  say", "  say", 6, "term 'b-c' needs a 'group'"),
        ("match: [ab]", "match: ab", 6, "term 'b-c': 'match' must be a list of words"),
        ("abbr: [B.]", "abbr: [2]", 6, "term 'b-c': 'abbr' must be a list of words"),
        ("match: [ab]", "also: {a: b}", 6, "term 'b-c': 'also' must be a list of words"),
        ("match: [ab]", "match: [a]", 6, "term 'b-c': 'a' is already marked for 'a'"),
    ],
)
def test_glossary_that_cannot_be_used(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert refused(glossary.load, tmp_path / "a.yml", _TERMS.replace(old, new)).startswith(f"{line}: {says}")


_WORDING = """\
# Words
- use: pills
  not: [tablet, A1]
  but: [stone tablet]
- use: words
  not: [terms]
  except: [a.md]
"""


def test_wording(tmp_path: Path) -> None:
    file = tmp_path / "wording.yml"
    file.write_text(_WORDING)
    found = wording.load(file)
    assert found.words[1] == wording.Word("words", ("terms",), (), ("a.md",))
    assert found.pattern.findall("Tablet Stone\ntablet a1 A1 e-tablet tablets") == ["Tablet", "Stone\ntablet", "A1"]
    assert (found.word("Tablet"), found.word("Stone\ntablet")) == (found.words[0], None)
    file.write_text("# Nothing yet\n")
    assert not wording.load(file).pattern.search("a tablet")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (_WORDING, "a: b", 1, "the file must be a YAML list"),
        (_WORDING, "- a", 1, "each word must give 'use' and 'not'"),
        (_WORDING, "[a]", 1, "each word must give 'use' and 'not'"),
        ("  not: [terms]\n", "", 5, "each word must give 'use' and 'not'"),
        ("except:", "expect:", 5, "each word must give 'use' and 'not'"),
        ("use: words", "use: ' '", 5, "'use' must be a text"),
        ("[terms]", "terms", 5, "'not' must be a list of texts"),
        ("[terms]", "[]", 5, "'not' must be a list of texts"),
        ("[stone tablet]", "[2]", 2, "'but' must be a list of texts"),
        ("[a.md]", "a.md", 5, "'except' must be a list of texts"),
        ("[terms]", "[tablet]", 5, "'tablet' already stands with 'pills'"),
        ("[terms]", "[stone tablet]", 5, "'stone tablet' already stands with 'pills'"),
    ],
)
def test_wording_that_cannot_be_used(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert refused(wording.load, tmp_path / "a.yml", _WORDING.replace(old, new)).startswith(f"{line}: {says}")


_KIND = """\
kind = "a"
summary = "A kind."
free_after = "b"
cited = true
reading = false
words = [1, 2]

[[section]]
id = "b"
items = [3, 3]

[[section]]
id = "c"
required = false
"""


def test_contract(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(_KIND)
    sections = (contract.Section("b", True, (3, 3)), contract.Section("c", False))
    assert contract.read(file) == contract.Contract("a", "A kind.", sections, "b", True, (1, 2))
    assert list(contract.load(tmp_path)) == ["a"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"a"', "", "valid TOML is needed here"),
        ("words", "wrods", "unknown key 'wrods'"),
        ('kind = "a"\n', "", "'kind' must be given as a str"),
        ('"A kind."', "3", "'summary' must be given as a str"),
        ('free_after = "b"\n', "", "'free_after' must be given as a str"),
        ("cited = true", 'cited = "yes"', "'cited' must be given as a bool"),
        ('"a"', '"b"', "'kind' must be 'a', the name of the file"),
        ("[1, 2]", "[1]", "'words' must be two whole numbers"),
        ("[1, 2]", "[2, 1]", "'words' must be two whole numbers"),
        ("[3, 3]", "[true, 3]", "'items' must be two whole numbers"),
        ("[3, 3]", '"3"', "'items' must be two whole numbers"),
        ("required", "requierd", "each section has an 'id'"),
        ('id = "c"\n', "", "each section has an 'id'"),
        (_KIND[_KIND.index("[[") :], "section = 3", "each section has an 'id'"),
        ("required = false", 'required = "no"', "section 'c': 'required' must be true or false"),
        ("required = false", "questions = 1", "section 'c': 'questions' must be true or false"),
        ('id = "c"', 'id = "b"', "a section id stands twice"),
        ('free_after = "b"', 'free_after = "d"', "'free_after' must be one of the section ids"),
    ],
)
def test_contract_that_cannot_be_used(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert refused(contract.read, tmp_path / "a.toml", _KIND.replace(old, new)).startswith(f"1: {says}")


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    for load in (sources.load, glossary.load, contract.read, data.read_text):
        for path in (tmp_path / "gone", tmp_path):
            with pytest.raises(DataError):
                load(path)


def test_built_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        dedent("""\
        <title>No {words}</title>
        <p id=a id=b>One {a} <code>{b}</code> <!-- {c} --> &amp;{d}
          <b id=a>[@e]</b>
        <img src="data:,"><img alt src="data:,">
        <link rel=icon href="//example.com/f">
        <![if j]><p data-center=k>l<b>m</b></p>n<script>///</script>
        <template><img></template>
        """)
    )
    found = site.read(tmp_path, "site").pages[PurePosixPath("a.html")]
    assert found.path == "site/a.html"
    assert found.doubled == [("a", 3, 6)]
    assert [(text.text.strip(), text.line, text.column) for text in found.texts] == [
        ("One {a}", 2, 14),
        ("&{d}", 2, 51),
        ("[@e]", 3, 11),
    ]
    assert found.marks["k"].split() == ["l", "m"]
    assert found.pictures == [(4, 1)]
    assert [(load.tag, load.written, load.line, load.column) for load in found.loads] == [
        ("link", "//example.com/f", 5, 16)
    ]


def test_yaml_lines_are_counted_as_editors_count_them() -> None:
    """YAML ends a line at U+2028 too; a finding there would point below the mistake, or below the file."""
    assert data.key_lines('a: "b\u2028\u2028c"\r\nd: e\rf: g\n') == {"a": 1, "d": 2, "f": 3}
    with pytest.raises(DataError) as caught:
        data.parse_yaml('a: "b\u2028c"\nd: e: f\n', "a.yml")
    assert (caught.value.line, caught.value.column) == (2, 5)


def test_a_text_after_the_body_is_placed_where_it_stands(tmp_path: Path) -> None:
    """The parser puts it into the body, behind white space that stands before the body's end."""
    (tmp_path / "index.html").write_text("<body>\n<p>a</p>\n</body>\n</html>\n/// left\n", encoding="utf-8")
    (page,) = site.read(tmp_path, "site").pages.values()
    assert [(run.text, run.line, run.column) for run in page.texts] == [("/// left\n", 5, 1)]
