"""What holds for any center, finished or just begun: pages keep the rules, but for gaps, and both sites are whole."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import build
import pytest
from center import center, contract, run, scaffold, site

from tests.conftest import ROOT, Built, copy_center

SETTINGS = center.settings(ROOT)


def test_pages_have_no_finding_but_gaps(tmp_path: Path) -> None:
    """A rule that cries wolf is worse than none: from any folder, the command finds nothing else to mend.

    A check that is due by the day of the test is true, and no fault of a rule.
    """
    found = run.sources(center.read(ROOT, SETTINGS), SETTINGS, datetime.now(UTC).date())
    gaps = run.unfinished(found)
    assert [f for f in found if f not in gaps and f.code not in ("CC107", "CC108")] == []
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/validate.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == (1 if gaps else 0), done.stderr
    assert len(done.stdout.splitlines()) == len(found)


def test_every_page_is_in_both_sites(built: Built) -> None:
    """Online as folders, at home as files; a page that is not there would be missed by nobody but its reader."""
    for page in center.read(ROOT, SETTINGS).pages:
        folder = page.name.parent if page.name.stem == "index" else page.name.with_suffix("")
        assert (built.site / folder / "index.html").is_file()
        assert (built.offline / page.name.with_suffix(".html")).is_file()


@pytest.mark.parametrize("which", ["site", "offline"])
def test_both_sites_keep_the_rules(built: Built, which: str) -> None:
    found = site.read(getattr(built, which), which)
    assert run.site(found, SETTINGS) == []
    home = next(page for page in found.pages.values() if str(page.name) == "index.html")
    assert "call-now" in home.marks
    assert "review" in home.marks


def test_pages_of_every_kind_are_there() -> None:
    used = {page.kind for page in center.read(ROOT, SETTINGS).pages}
    assert set(contract.load()) - {"moved"} <= used <= set(contract.load())


def test_words_of_new_pages_fit_the_contracts() -> None:
    """Every section of every kind has a heading and a hint, and there are no others."""
    words = scaffold.load(ROOT / SETTINGS.sections)
    assert set(words.kinds) == set(contract.load())
    assert set(words.sections) == {section.id for kind in contract.load().values() for section in kind.sections}


def test_a_site_with_a_gap_is_only_built_as_a_draft(tmp_path: Path) -> None:
    """What is published never holds a gap; a draft says on every page what it is."""
    root = copy_center(tmp_path / "center")
    page = root / SETTINGS.docs / SETTINGS.home
    page.write_text(page.read_text(encoding="utf-8") + "\n[[a gap that this test left]]\n", encoding="utf-8")
    with pytest.raises(build.BuildError, match="to mend"):
        build.build(root)
    assert not (root / "site").exists()
    folder, packed = build.build(root, draft=True)
    assert folder == root / "draft"
    assert packed.is_relative_to(folder)
    assert not (root / "site").exists()
    pages = [file.read_text(encoding="utf-8") for file in folder.rglob("index.html")]
    assert pages
    assert all('<p class="draft">' in text for text in pages)
    assert any("[[a gap that this test left]]" in text for text in pages)


def test_only_a_draft_is_marked_as_one(built: Built) -> None:
    marked = 'class="draft"' in (built.site / "index.html").read_text(encoding="utf-8")
    assert marked == (built.site.name == "draft")
    assert re.search(r"-(offline|draft)$", built.packed.stem)


def test_the_day_of_the_build_stands_nowhere(built: Built) -> None:
    with zipfile.ZipFile(built.packed) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [entry.filename for entry in packed.infolist()] == sorted(packed.namelist())


def test_the_zip_holds_one_folder_that_opens(built: Built) -> None:
    with zipfile.ZipFile(built.packed) as packed:
        names = packed.namelist()
    assert {name.split("/")[0] for name in names} == {built.packed.stem}
    assert f"{built.packed.stem}/index.html" in names
    assert not [name for name in names if name.endswith((".map", "404.html", "sitemap.xml"))]
