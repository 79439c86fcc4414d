"""What the pages must say, kept as data: signs in their color, answers to real questions, mistakes that we avoid."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml
from center import center, page

from tests.conftest import ROOT

TESTS = ROOT / "tests"
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((TESTS / "questions.yml").read_text(encoding="utf-8"))
SIGNS: dict[str, list[str]] = yaml.safe_load((TESTS / "signs.yml").read_text(encoding="utf-8"))
TRAPS: dict[str, Any] = yaml.safe_load((TESTS / "traps.yml").read_text(encoding="utf-8"))
#: Pages that say nothing about the illness of their own: what they hold is written elsewhere.
_NO_ADVICE = {"about/rules.md", "about/scores.md", "sources.md"}
#: Sections of the page of what to do, by color.
_COLORS = {"red": ("red", "who-cannot-wait"), "amber": ("amber",), "green": ("green",)}


@pytest.fixture(scope="module")
def pages() -> dict[str, page.Page]:
    """Every page by its name."""
    return {p.name.as_posix(): p for p in center.read(ROOT, center.settings(ROOT)).pages}


def said(passages: list[page.Passage]) -> str:
    """The words of passages, one after the other, small letters."""
    return " ".join(" ".join(p.text.split()) for p in passages).lower()


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]


def leads(found: page.Page) -> str:
    """What a reader who skims a page meets: its headings, and the first sentence below each."""
    words, below = [], False
    for passage in found.passages:
        if passage.kind == "heading":
            words.append(passage.text)
        elif below:
            words.append(first_sentence(passage.text))
        below = passage.kind == "heading"
    return " | ".join(words).lower()


@pytest.mark.parametrize("color", _COLORS)
def test_signs_stand_in_their_color(color: str, pages: dict[str, page.Page]) -> None:
    found = [p for p in pages["get-help.md"].passages if p.section in _COLORS[color]]
    missing = [sign for sign in SIGNS[color] if sign.lower() not in said(found)]
    assert not missing, f"these signs must stand among the {color} ones of get-help.md"


def test_no_sign_is_in_two_colors(pages: dict[str, page.Page]) -> None:
    """A sign of one color is not also said, in the same words, under another."""
    for color, signs in SIGNS.items():
        others = [s for other in _COLORS if other != color for s in _COLORS[other]]
        elsewhere = said([p for p in pages["get-help.md"].passages if p.section in others])
        assert not [sign for sign in signs if len(sign) > 25 and sign.lower() in elsewhere]


def test_all_questions_are_there_once() -> None:
    assert [q["number"] for q in QUESTIONS] == list(range(1, 41))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: str(q["number"]))
def test_question_is_answered(question: dict[str, Any], pages: dict[str, page.Page]) -> None:
    """A heading, or the first sentence below one, says the question or its answer, on the page the record names."""
    assert question["asks"]
    waits = [name for name in question.get("waits", []) if name in pages]
    assert not waits, "this page is there now: name its words among the answers"
    assert question.get("answers") or question.get("waits")
    for name, words in (question.get("answers") or {}).items():
        assert name in pages, f"{name} must be a page"
        assert words.lower() in leads(pages[name]), f"'{words}' must be a heading or a first sentence of {name}"


def test_every_page_was_gone_through_for_mistakes(pages: dict[str, page.Page]) -> None:
    assert sorted(TRAPS["mistakes"]) == list(range(1, 26))
    assert set(TRAPS["pages"]) == set(pages) - _NO_ADVICE


@pytest.mark.parametrize("name", sorted(TRAPS["pages"]))
def test_mistakes_are_settled(name: str, pages: dict[str, page.Page]) -> None:
    """Where a page brings up the subject of a mistake, a sentence on it settles the matter, and stands."""
    found = pages[name]
    settled: dict[int, str] = TRAPS["pages"][name]
    everything = said(list(found.passages))
    gone = [sentence for sentence in settled.values() if " ".join(sentence.split()).lower() not in everything]
    assert not gone, "these sentences must stand on the page"
    open_ = []
    for number, mistake in TRAPS["mistakes"].items():
        subject = re.compile(mistake["comes_up"])
        if number not in settled and any(subject.search(p.text.lower()) for p in found.passages):
            open_.append(f"{number}: {mistake['mistake']}")
    assert not open_, "a sentence of the page must settle each of these"


def test_the_records_can_fail() -> None:
    """A page whose sign, answer or sentence is gone is found."""
    broken = page.parse("# Why\n\nBecause. More.\n\n## Now {#red}\n\n- Pain\n", "a.md", PurePosixPath("a.md"))
    assert "more" not in leads(broken)
    assert "because." in leads(broken)
    assert "pain" in said([p for p in broken.passages if p.section == "red"])
    assert "pain" not in said([p for p in broken.passages if p.section == "amber"])
