"""The commonest mistakes of an editor, each made in a copy of the real center: one finding, which says what to do."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from center import center, run

from tests.conftest import ROOT

MISTAKES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/mistakes.yml").read_text(encoding="utf-8"))
SETTINGS = center.settings(ROOT)
#: The day on which the pages were last checked, so that none of them is old.
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the real center, where mistakes may be made."""
    root = tmp_path_factory.mktemp("real")
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, root / name)
    assert run.sources(center.read(root, SETTINGS), SETTINGS, TODAY) == []
    return root


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m["did"])
def test_a_mistake_gives_one_finding_that_says_what_to_do(mistake: dict[str, Any], copied: Path) -> None:
    file = copied / mistake["file"]
    before = file.read_text(encoding="utf-8")
    after, made = re.subn(mistake["find"], lambda _: mistake["put"], before, count=1)
    assert made == 1, "the page no longer holds what is to be spoiled"
    try:
        file.write_text(after, encoding="utf-8")
        findings = run.sources(center.read(copied, SETTINGS), SETTINGS, TODAY)
    finally:
        file.write_text(before, encoding="utf-8")
    assert [(f.path, f.code) for f in findings] == [(mistake["file"], mistake["code"])], findings
    found = findings[0]
    for words in mistake["says"]:
        assert words in found.message
    # It points to what was changed, to the block that holds it, or to the end of the page where something is gone.
    pairs = zip(before.split("\n"), after.split("\n"), strict=False)
    changed = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 1)
    assert changed - 8 <= found.line <= len(after.split("\n"))


def test_there_are_ten_of_ten_sorts() -> None:
    assert len(MISTAKES) >= 10
    assert len({mistake["code"] for mistake in MISTAKES}) == len(MISTAKES)


def test_a_number_corrected_in_the_record_names_every_page_that_has_the_old_one(copied: Path) -> None:
    file = copied / SETTINGS.figures
    before = file.read_text(encoding="utf-8")
    old = '"614": people took part'
    assert old in before  # below each report of the trial
    holding = {p.path for p in center.read(copied, SETTINGS).pages if "614 people" in p.text}
    assert len(holding) > 1
    try:
        file.write_text(before.replace(old, '"641": people took part'), encoding="utf-8")
        findings = run.sources(center.read(copied, SETTINGS), SETTINGS, TODAY)
    finally:
        file.write_text(before, encoding="utf-8")
    assert {(f.path, f.code) for f in findings} == {(path, "CC410") for path in holding}
    assert all("'614' must be a figure of" in f.message and "641" in f.message for f in findings)
