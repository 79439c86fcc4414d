"""The record of figures: which numbers a text holds, how the record is read, and what an editor is told."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from center import figures, page
from center.checks.figures import _recorded
from center.finding import DataError
from hypothesis import given
from hypothesis import strategies as st

BASE = re.compile(r"\bof 100\b")
#: What may stand around a number without being a part of it.
AROUND = st.text(alphabet=" \t()%°+=<>/:;!?\"'“”–—*_…\n", max_size=3)
NUMBER = st.from_regex(r"[0-9]{1,4}(,[0-9]{3})?(\.[0-9]{1,2})?", fullmatch=True)


def found(text: str) -> list[str]:
    return [number for number, _ in figures.numbers(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("29 of 100", ["29", "100"]),
        ("2 to 4, 2-4, 2–4 or 10/20", ["2", "4", "2", "4", "2", "4", "10", "20"]),
        ("0.5 and 1,094, then 5,475.", ["0.5", "1,094", "5,475"]),
        ("38 °C, 60%, 3+, $5, about ~7, 10-minute", ["38", "60", "3", "5", "7", "10"]),
        ("SGLT2 B12 2a F1 29th COVID-19 m² 10⁶ CO2-free", []),
        ("In 1999, 2026 and 2099; 1899, 2100 and 2,026", ["1899", "2100", "2,026"]),
        ("[@key2020-a; @b7] [^1] [a](b-7.md#c8) [a][7] {#id-7 .x}", []),
        ("https://a.example/7 www.a.example/7 a7@b.example 7@b.example &#8217; &nbsp;7", ["7"]),
        ("**29**, _30_ and \\*31\\*", ["29", "30", "31"]),
        ("１２ and ٢٩", ["１２", "٢٩"]),
        ("", []),
    ],
)
def test_numbers(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@given(before=AROUND, number=NUMBER, after=AROUND)
def test_a_number_that_stands_for_itself_is_found(before: str, number: str, after: str) -> None:
    """Whatever signs stand around it, unless it reads as a year."""
    text = f"words {before}{number}{after} words"
    assert found(text) == ([] if re.fullmatch(r"(?:19|20)\d\d", number) else [number])


@given(letters=st.from_regex(r"[A-Za-zé]{1,3}-?", fullmatch=True), number=NUMBER)
def test_a_part_of_a_name_is_not(letters: str, number: str) -> None:
    assert found(f"the {letters}{number} test") == []


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Numbers are found where they stand, and nothing an author types stops that."""
    for number, at in figures.numbers(text):
        assert text[at : at + len(number)] == number
    read = page.parse(
        f"Words [@stone] {text}\n\n/// out-of-100\nsource: stone\n{text}\n///\n", "a.md", PurePosixPath("a")
    )
    for one in figures.shown(read, read.prose, ["911"], BASE):
        assert one.number in read.text
        assert one.keys


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("- stone", (1, 1), "figures must stand below the key of a reference"),
        ("stone: 29", (1, 1), "'stone' must be followed by lines such as"),
        ("stone:\n", (1, 1), "'stone' must be followed by lines such as"),
        ('stone:\n  "29":', (2, 3), "'29' needs a few words that say what it is"),
        ("stone:\n  29: [of 100]", (2, 3), "'29' needs a few words that say what it is"),
        ("stone:\n  29: {of: 100}", (2, 3), "'29' needs a few words that say what it is"),
        ('stone:\n  "29%": of 100', (2, 3), "'29%' must be one number as pages write it, such as 29 or 0.5"),
        ('stone:\n  "2 to 4": days', (2, 3), "'2 to 4' must be one number"),
        ('stone:\n  29: days\n  "29": of 100', (3, 3), "'29' stands twice below 'stone'"),
        ("stone:\n  29: days\n  29: of 100", (3, 3), "'29' stands twice"),
        ("stone:\n  29: days\nstone:\n  30: of 100", (3, 1), "'stone' stands twice"),
        ("stone: &a\n  29: *a", (1, 8), "valid YAML is needed here"),
        ("stone: [", (1, 9), "valid YAML is needed here"),
    ],
)
def test_a_record_that_cannot_be_used_says_where(tmp_path: Path, text: str, place: tuple[int, int], says: str) -> None:
    file = tmp_path / "figures.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(says)) as told:
        figures.load(file)
    assert (told.value.line, told.value.column) == place


def test_a_record_keeps_numbers_as_they_are_typed(tmp_path: Path) -> None:
    file = tmp_path / "figures.yml"
    file.write_text('stone:\n  0.50: a\n  1,094: b\n  "010": c\n', encoding="utf-8")
    read = figures.load(file)
    assert [(f.number, f.says, f.line) for f in read.by_key["stone"].values()] == [
        ("0.50", "a", 2),
        ("1,094", "b", 3),
        ("010", "c", 4),
    ]
    file.write_text("# Nothing yet\n", encoding="utf-8")
    assert figures.load(file) == figures.Figures({}, {})


def test_the_likeliest_reference_comes_first() -> None:
    """A citation speaks for what stands before it; the line to paste names it."""
    text = (
        "It was 3 [@a], then 4 [@b].\n\n| 5 [@c] | 6 | 7 [@d; @e] |\n| --- | --- | --- |\n| 5 [@c] | 6 | 7 [@d; @e] |\n"
    )
    read = page.parse(text, "a.md", PurePosixPath("a.md"))
    shown = [(one.number, one.keys[0], len(one.keys)) for one in figures.shown(read, read.prose, [], BASE)]
    assert shown[:2] == [("3", "a", 2), ("4", "b", 2)]
    assert shown[-3:] == [("5", "c", 3), ("6", "c", 3), ("7", "d", 3)]


def test_a_message_names_what_a_slip_may_have_made() -> None:
    of = {str(n): figures.Figure("a", str(n), "words", 1, 1) for n in (*range(10, 30), 614)}
    record = figures.Figures({"a": of}, {"a": (1, 1)})
    assert "29" in _recorded(("a",), "92", record)
    assert "614" in _recorded(("a",), "641", record)
    assert _recorded(("b",), "92", record) == "nothing is recorded there"
