"""The rules on a whole center, broken and kept by small centers that state what must be found in them.

``centers/NAME`` holds what makes it other than the tiny center of the pages: its data files are taken from there.
``expect.txt`` states the findings; ``sizes.txt`` names files to be filled up with spaces to a size.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path, PurePosixPath

import pytest
from center import center, contract, page, run
from center.finding import RULES

from tests.test_rules import PAGES, SETTINGS, TODAY

CENTERS = Path(__file__).resolve().parent / "centers"
NAMES = sorted(folder.name for folder in CENTERS.iterdir())
CHOSEN = dataclasses.replace(
    SETTINGS, docs="docs", theme="theme", home="index.md", questions="questions.md", figures=""
)


def stated(name: str) -> list[str]:
    """The findings that a center states."""
    return sorted((CENTERS / name / "expect.txt").read_text(encoding="utf-8").splitlines())


def build(name: str, root: Path) -> None:
    """Lay a center out in a folder."""
    for file in (*PAGES.glob("*.yml"), PAGES / "syllables.txt"):
        shutil.copy(file, root)
    shutil.copytree(CENTERS / name, root, dirs_exist_ok=True)
    sizes = root / "sizes.txt"
    for line in sizes.read_text(encoding="utf-8").splitlines() if sizes.exists() else ():
        path, size = line.split()
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((file.read_bytes() if file.exists() else b"").ljust(int(size)))


@pytest.mark.parametrize("name", NAMES)
def test_center(name: str, tmp_path: Path) -> None:
    build(name, tmp_path)
    own = (CENTERS / name / SETTINGS.figures).is_file()  # a center may keep no record of figures
    chosen = dataclasses.replace(CHOSEN, figures=SETTINGS.figures if own else "")
    read = dataclasses.replace(center.read(tmp_path, chosen), contracts=contract.load(PAGES / "contracts"))
    found = run.sources(read, chosen, TODAY)
    assert sorted(f"{f.path}:{f.line}:{f.column} {f.code}" for f in found) == stated(name), found


def test_every_center_rule_is_broken_and_kept() -> None:
    codes = {name: {line.split()[1] for line in stated(name)} for name in NAMES}
    assert set().union(*codes.values()) == {r.code for r in RULES.values() if r.reads == "center"}
    for name, broken in codes.items():
        if name.startswith("good-"):
            assert broken == set(), name
        else:
            assert any(name.startswith(RULES[code].slug) for code in broken), f"{name} must begin with a slug"


def test_only_the_nearest_question_is_named(tmp_path: Path) -> None:
    """What must be done is told in words that can be pasted."""
    build("question-listed", tmp_path)
    read = dataclasses.replace(center.read(tmp_path, CHOSEN), contracts=contract.load(PAGES / "contracts"))
    first, second = run.sources(read, CHOSEN, TODAY)
    assert first.message.endswith("in the same words; the nearest there is 'How bad is **it**?'")
    assert second.message.endswith("in the same words")
    assert first.severity == "warning"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two!\nThree? [@a] Four", ["One.", "Two!", "Three? [@a]", "Four"]),
        ("Take e.g. 5 mg. **Then** [more](a_(b).md).", ["Take e.g. 5 mg.", "Then more."]),
        ("`Code. Not` words. <b>Bold.</b> \\*Kept\\*.", ["words.", "Bold.", "*Kept*."]),
        ("أولاً؟ 二。 three", ["أولاً؟", "二。 three"]),
        ("A snake_case _word_ {.wide #id}", ["A snake_case word"]),
        ("", []),
    ],
)
def test_sentences(tmp_path: Path, text: str, sentences: list[str]) -> None:
    """A sentence is what a reader sees, and each of its signs knows where it stands."""
    file = tmp_path / "a.md"
    file.write_text(text, encoding="utf-8")
    shown = [
        (run, sentence)
        for run in page.read(file, "a.md", PurePosixPath("a.md")).prose.runs
        for sentence in run.sentences
    ]
    assert [" ".join(sentence.text.split()) for _, sentence in shown] == sentences
    lines = text.split("\n")
    for part, sentence in shown:
        for sign, offset in zip(sentence.text, sentence.at, strict=True):
            line, column = part.place(offset)
            assert sign.isspace() or lines[line - 1][column - 1] == sign


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "[@" * 5_000, "`a``" * 10_000, "<!--" * 20_000, "](" * 20_000, "{" * 50_000]
)
def test_long_and_odd_text_is_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(text, encoding="utf-8")
    runs = page.read(file, "a.md", PurePosixPath("a.md")).prose.runs
    assert sum(len(run.raw) for run in runs) <= len(text)
    assert all(run.sentences for run in runs if run.raw.strip(" \n[]({"))
