"""The reading figures, held to texts counted by hand; the table of syllables; the two commands."""

from __future__ import annotations

import math
import statistics
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
import reading as reading_command
import syllables as words_command
from center import center, contract, page, reading, run
from center.finding import DataError

from tests.conftest import ROOT, copy_center

#: Syllables of the words of the texts below.
TABLE = {
    word: number
    for number, words in {
        1: "and asks at call care go home if in is it now of or pain ray scan stone the then us valve's week x",
        2: "beta blocker doctor dr. US vs.",
        3: "hospital",
        4: "emergency",
    }.items()
    for word in words.split()
} | {"ECG": 3}


def said(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.text for sentence in reading.sentences(text, TABLE)]


def words(text: str) -> list[str]:
    """The words of a text."""
    return [word for sentence in reading.sentences(text, TABLE) for word in sentence.words]


def passages(text: str) -> list[tuple[str, str, int, str]]:
    """Kind, text, line and section of every passage of a page."""
    found = page.parse(text, "a.md", PurePosixPath("a.md")).passages
    return [(p.kind, p.text, p.line, p.section) for p in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Go home. Call now!", ["Go home.", "Call now!"]),
        ("Go home", ["Go home"]),
        ("Is it pain? It is.", ["Is it pain?", "It is."]),
        ("The scan is at 10.30 a.m. in the hospital.", ["The scan is at 10.30 a.m. in the hospital."]),
        ("See Dr. Stone vs. Call now.", ["See Dr. Stone vs. Call now."]),
        ("It is MR. Call now.", ["It is MR.", "Call now."]),
        ("„Is it?“ asks the doctor. (It is.) Go.", ["„Is it?“ asks the doctor.", "(It is.)", "Go."]),
        ("Go ... home. 3 now.", ["Go ... home.", "3 now."]),
        ('It is "pain." Call.', ['It is "pain."', "Call."]),
        ("Is it?! Go. ... !", ["Is it?!", "Go."]),
        ("هل؟ نعم. לא.", ["هل؟", "نعم.", "לא."]),
        ("— . !", []),
        ("", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Go home, now: (then) “call”…", ["Go", "home", "now", "then", "call"]),
        ("beta-blocker and/or X-ray", ["beta-blocker", "and", "or", "X-ray"]),
        ("care–home care — home", ["care", "home", "care", "home"]),
        ("3+ & 60% of 1,000: 4.5 kg, 38°C", ["3", "60", "of", "1,000", "4.5", "kg", "38", "C"]),
        ("the valve’s patients' care", ["the", "valve's", "patients", "care"]),
        ("Dr. Stone, e.g. now.", ["Dr.", "Stone", "e.g", "now"]),
        ("soft\u00adly non\u2011stop no\u00a0break", ["softly", "non-stop", "no", "break"]),
        ("☐ ___ |", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "counts", "missing"),
    [
        ("The emergency.", (1, 4), ()),
        ("US us Us", (2, 1, 1), ()),
        ("beta-blocker, 12-week, 24/7", (4, 2, 1, 1), ()),
        ("valve’s ECG", (1, 3), ()),
        ("Call wombat, Wombat-like, UFO's", (1, 0, 0, 0), ("wombat", "wombat", "like", "UFO's")),
    ],
)
def test_syllables(text: str, counts: tuple[int, ...], missing: tuple[str, ...]) -> None:
    (sentence,) = reading.sentences(text, TABLE)
    assert (sentence.syllables, sentence.missing) == (counts, missing)


def test_figures_by_hand() -> None:
    """By hand: 4, 5 and 4 words; 5, 10 and 4 syllables; two words of 3 or more."""
    text = "Call the doctor now. If it is emergency, hospital. Go home then, 3."
    counted = reading.sentences(text, TABLE)
    assert [(len(s.words), s.total, s.hard) for s in counted] == [(4, 5, 0), (5, 10, 2), (4, 4, 0)]
    found = reading.figures(counted, long=4)
    assert (found.sentences, found.words, found.syllables, found.hard, found.long) == (3, 13, 19, 2, 1)
    assert found.grade == pytest.approx(0.39 * 13 / 3 + 11.8 * 19 / 13 - 15.59)
    assert found.grade == pytest.approx(3.346, abs=0.001)
    assert found.smog == pytest.approx(7.794, abs=0.001)  # 1.043 times the root of 20, and 3.1291
    assert found.sentence_words == pytest.approx(4.333, abs=0.001)
    assert found.long_sentences == pytest.approx(33.333, abs=0.001)
    assert found.without(counted[1]).grade == pytest.approx(0.39 * 4 + 11.8 * 9 / 8 - 15.59)


def test_no_sentences_no_figures() -> None:
    none = reading.figures((), long=20)
    assert (none.grade, none.smog, none.sentence_words, none.long_sentences) == (0, 0, 0, 0)


_PAGE = """\
---
title: A
---
# A **title** {#top}

Words [@a_b; @c], *more*
and `code [@a]` \\[@a] {.wide}[@a].

## In short {: #in-short .x }

- One [@a].
    1. Two,
       and more.

       ![Alternative text](a.svg)
- > Three

| { .options } | B |
| --- | --- |
| C [@a] | D<br>E |

![One](a.svg)
![Two](b.svg){ width=3 }

*All of it [@a]*, **and this**. [@b]

*All of it again*

![Three](a.svg)

*Not* all.

/// out-of-100
title: A title
source: a; b
outcomes: [One, Two]
groups: {With: [1, 99]}
///

<p>By <b>hand</b></p>
<script>none()</script>

Inline <!-- no --> <img src="c.svg" alt="Four">words

***

### Part

## Free

> Quoted
"""


def test_passages() -> None:
    assert passages(_PAGE) == [
        ("heading", "A title", 4, ""),
        ("prose", "Words, more and code [@a] [@a].", 6, ""),
        ("heading", "In short", 9, "in-short"),
        ("list", "One.", 11, "in-short"),
        ("list", "Two, and more.", 12, "in-short"),
        ("caption", "Alternative text", 15, "in-short"),
        ("list", "Three", 16, "in-short"),
        ("cell", "B", 18, "in-short"),
        ("cell", "C", 20, "in-short"),
        ("cell", "D E", 20, "in-short"),
        ("caption", "One", 22, "in-short"),
        ("caption", "Two", 23, "in-short"),
        ("caption", "All of it, and this.", 25, "in-short"),
        ("prose", "All of it again", 27, "in-short"),
        ("caption", "Three", 29, "in-short"),
        ("prose", "Not all.", 31, "in-short"),
        *(("caption", text, 33, "in-short") for text in ("A title", "One", "Two", "With")),
        ("prose", "By hand", 40, "in-short"),
        ("caption", "Four", 43, "in-short"),
        ("prose", "Inline words", 43, "in-short"),
        ("heading", "Part", 47, "in-short"),
        ("heading", "Free", 49, ""),
        ("prose", "Quoted", 51, ""),
    ]


def test_what_is_counted() -> None:
    """Headings, captions, citations and short cells are not; each item and longer cell is a sentence at least."""
    text = "# Go\n\nCall now\n\n- Go\n- Go home [@a]\n\n![Pain](a.svg)\n\n"
    text += "| Go home | now |\n| - | - |\n| the care at home | ECG |\n"
    found = reading.read(page.parse(text, "a.md", PurePosixPath("a.md")).passages, TABLE)
    assert [s.text for s in found.everything] == ["Call now", "Go", "Go home", "the care at home"]
    assert [s.text for s in found.prose] == ["Call now"]
    assert found.missing == ()


def test_missing_words_are_told_once_each() -> None:
    text = "Wombat\n\nwombat UFO\n\n# Heading"
    assert reading.read(page.parse(text, "a.md", PurePosixPath("a.md")).passages, TABLE).missing == (
        ("wombat", 1),
        ("UFO", 3),
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("word 2", "each line must be a word, a tab and its number of syllables"),
        ("word\ttwo", "each line must be a word, a tab and its number of syllables"),
        ("word\t0", "each line must be a word, a tab and its number of syllables"),
        ("\t2", "each line must be a word, a tab and its number of syllables"),
        ("a\t1", "'a' stands twice"),
    ],
)
def test_table_that_cannot_be_used(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "table.txt"
    file.write_text(f"# Words\n\na\t1\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        reading.load(file)
    assert (error.value.line, error.value.message) == (4, says)


def test_limits_are_those_of_the_house() -> None:
    """One set of numbers for every kind that is held to any; short points in each first section that is a list."""
    found = contract.load()
    assert contract.limits() == contract.Limits(8.0, 10.0, 14.0, 20, 10.0, 3, 60)
    assert {kind for kind, c in found.items() if c.reading is None} == {"moved"}
    assert {c.reading for c in found.values()} == {None, contract.limits()}
    assert {s.item_words for c in found.values() for s in c.sections if s.id == "in-short"} == {15}


@pytest.mark.parametrize("text", ["", "grade = 8.0", "{all}\nmore = 1", "{text}", "not TOML"])
def test_limits_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    given = contract.LIMITS.read_text(encoding="utf-8")
    file = tmp_path / "reading.toml"
    file.write_text(text.replace("{all}", given).replace("{text}", given.replace("10.0", "'10'")), encoding="utf-8")
    with pytest.raises(DataError):
        contract.limits(file)


def test_a_table_that_is_missing_is_one_finding(tmp_path: Path) -> None:
    root = copy_center(tmp_path / "center")
    settings = center.settings(root)
    (root / settings.syllables).unlink()
    read = center.read(root, settings)
    assert read.syllables is None
    assert [str(problem.path) for problem in read.problems] == [settings.syllables]


#: What the dictionary gives for the words below: their sounds; those of a syllable end in a digit.
SOUNDS = {
    "valve": [["V", "AE1", "L", "V"], ["V", "A1", "A0"]],
    "pulse": [["P", "AH1", "L", "S"]],
    "everest": [["EH1", "V", "ER0", "AH0", "S", "T"]],
    "us": [["AH1", "S"]],
}


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("valve", 1),  # the first way to say it
        ("valve's", 1),
        ("valves", 1),
        ("pulses", 2),
        ("pulse's", 2),
        ("us", 1),
        ("US", 2),
        ("UW2", 5),
        ("B12", 2),
        ("MRIs", 3),
        ("MRI's", 3),
        ("TEER", 1),
        ("TEERs", 1),
        ("EVEREST", 3),
        ("warfarin's", 3),
        ("wombat", None),
        ("WOMBATS", None),
    ],
)
def test_count(word: str, number: int | None) -> None:
    assert words_command.count(word, {"TEER": 1, "warfarin": 3}, SOUNDS) == number


def test_the_table_is_that_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every word that the pages use is in it, with the count that 'make words' gives; and it shrinks with them."""
    root = copy_center(tmp_path / "center")
    table = root / center.settings(root).syllables
    committed = reading.load(table)
    assert words_command.main(root) == 0
    written = reading.load(table)
    assert written.items() <= committed.items()
    assert [*written] == sorted(written)
    assert "holds" in capsys.readouterr().out

    before = (root / "docs/en/living/index.md").read_text(encoding="utf-8").lower()
    (root / "docs/en/living/index.md").write_text("---\nkind: living\n---\nThe wombat sings, UFOs, dr. Qwxz.\n")
    assert words_command.main(root) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "docs/en/living/index.md:4: 'qwxz' must be spelled right, or have its syllables in syllables.more.en.txt"
    ]
    assert reading.load(table)["wombat"] == 2
    gone = written.keys() - reading.load(table).keys()
    assert gone
    assert all(word.lower() in before for word in gone)


def test_a_new_word_is_a_finding_that_names_the_command(tmp_path: Path) -> None:
    root = copy_center(tmp_path / "center")
    settings = center.settings(root)
    (root / "docs/en/living/index.md").write_text("---\nkind: living\n---\nNo wombat has it.\n", encoding="utf-8")
    every = run.sources(center.read(root, settings), settings, date(2026, 11, 22))
    (found,) = (finding for finding in every if finding.code == "CC508")
    assert found.path == "docs/en/living/index.md"
    assert "'wombat'" in found.message
    assert "make words" in found.message


def test_the_center_reads_easily(capsys: pytest.CaptureFixture[str]) -> None:
    """The medians over all pages, which are lower than any page's limit; a center that is all gaps has none yet."""
    assert reading_command.main() == 0
    printed = capsys.readouterr().out
    rows = reading_command.rows(ROOT)
    assert all(path in printed for path in rows)
    assert [line.split()[0] for line in printed.splitlines()[2:]] == [*rows, *["median"] * bool(rows)]
    medians = map(statistics.median, zip(*rows.values(), strict=True))
    most = {
        "grade": 6.0,
        "SMOG": 9.0,
        "words a sentence": 12.0,
        "long": 5.0,
        "prose words": math.inf,
        "prose grade": 6.0,
    }
    for (name, limit), value in zip({"words": math.inf, **most}.items(), medians, strict=False):
        assert value <= limit, name


def test_commands_that_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (words_command.main, reading_command.main):
        assert command(tmp_path) == 2
        assert "pyproject.toml:1:1: " in capsys.readouterr().err
