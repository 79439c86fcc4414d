"""The build: what stops it, what it leaves alone, and that it gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import build
import pytest

from tests.conftest import ROOT, Built, copy_center

PAGE = "docs/en/treatment/teer.md"


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Plant a fault."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run_build(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The build as people call it."""
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts/build.py"), "--root", str(root)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def run_mkdocs(root: Path) -> subprocess.CompletedProcess[str]:
    """A plain MkDocs build, without our own checks."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-d", str(root / "plain")],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


# What an editor does wrong, and what stops it: the text planted, the code of the rule, words MkDocs says alone.
FAULTS = {
    "a dead link": ("\n## In short", "\n[gone](no-such-page.md)\n\n## In short", "CC301", "no-such-page.md"),
    "a dead anchor": ("\n## In short", "\n[gone](../get-help.md#nowhere)\n\n## In short", "CC302", "nowhere"),
    "an unknown citation": ("\n## In short", "\nA claim [@nobody2020].\n\n## In short", "CC401", "@nobody2020"),
    "a malformed citation": ("\n## In short", "\nA claim [@a, @b].\n\n## In short", "CC402", "[@a, @b]"),
    "people who do not add up": ("[55, 45]", "[55, 44]", "CC404", "add up to 100, not 99"),
    "a misspelled option": ("\ntime: ", "\ntimes: ", "CC404", "unknown key 'times'"),
    "a misspelled block": ("/// out-of-100", "/// out-of-10", "CC405", "not understood"),
    "a rate as people": ("\ntime: ", "\ntime: per 100 person-years, ", "CC404", "is a rate over time"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_stops_both_the_check_and_the_build(copy: Path, fault: str) -> None:
    old, new, code, said = FAULTS[fault]
    edit(copy, PAGE, old, new)
    checked = run_build(copy)
    assert checked.returncode == 1
    assert re.search(rf"^{re.escape(PAGE)}:\d+:\d+ {code} ", checked.stdout, re.M), checked.stdout
    assert not (copy / "site").exists()
    plain = run_mkdocs(copy)
    assert plain.returncode != 0
    assert said in plain.stderr + plain.stdout


def test_an_indented_block_stops_the_build(copy: Path) -> None:
    """pymdownx takes indented lines for options, and a block with wrong options for text."""
    edit(copy, PAGE, "/// out-of-100\ntitle:", "/// out-of-100\n    title:")
    assert run_build(copy).returncode == 1
    assert run_mkdocs(copy).returncode != 0


def test_an_open_block_stops_the_build(copy: Path) -> None:
    text = (copy / PAGE).read_text(encoding="utf-8")
    start = text.index("/// out-of-100")
    end = text.index("\n///\n", start)
    (copy / PAGE).write_text(text[:end] + text[end + 4 :], encoding="utf-8")
    assert run_build(copy).returncode == 1
    assert run_mkdocs(copy).returncode != 0


def test_a_script_from_elsewhere_is_found_in_the_built_site(copy: Path) -> None:
    edit(copy, "overrides/main.html", "{% block libs %}", '{% block libs %}<script src="https://cdn.example.org/x.js">')
    done = run_build(copy)
    assert done.returncode == 1
    assert "CC703" in done.stdout
    assert "cdn.example.org" in done.stdout


def test_a_template_without_the_call_now_line_is_found(copy: Path) -> None:
    edit(copy, "overrides/main.html", '{% include "partials/call-now.html" %}', "")
    done = run_build(copy)
    assert done.returncode == 1
    assert "CC601" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("docs/references.yml", "- id: otto2021-vhd", "- id: [otto2021", "docs/references.yml:"),
        ("docs/glossary.en.yml", "  meaning:", "  meening:", "docs/glossary.en.yml:"),
        ("overrides/main.html", "{% endblock %}", "", "main.html"),
        ("mkdocs.yml", "nav:\n", "nav: [\n", "mkdocs.yml"),
    ],
)
def test_a_broken_data_file_stops_the_build_with_its_name(copy: Path, file: str, old: str, new: str, said: str) -> None:
    edit(copy, file, old, new)
    done = run_build(copy)
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout


def test_a_broken_build_leaves_the_good_site_alone(copy: Path) -> None:
    assert run_build(copy).returncode == 0
    before = fingerprint(copy / "site")
    edit(copy, PAGE, "\n## In short", "\n[gone](no-such-page.md)\n\n## In short")
    done = run_build(copy)
    assert done.returncode == 1
    assert "untouched" in done.stderr
    assert fingerprint(copy / "site") == before


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    """In two folders, two time zones, two languages, on two days, with files written in another order."""
    commit = "1763800000"
    one = copy_center(tmp_path / "one")
    other = copy_center(tmp_path / "another place")
    for path in other.rglob("*"):
        os.utime(path, (0, 0))
    assert run_build(one, TZ="UTC", LC_ALL="C", SOURCE_DATE_EPOCH=commit, PYTHONHASHSEED="1").returncode == 0
    assert (
        run_build(
            other, TZ="Pacific/Auckland", LC_ALL="C.UTF-8", SOURCE_DATE_EPOCH=commit, PYTHONHASHSEED="2"
        ).returncode
        == 0
    )
    assert fingerprint(one / "site") == fingerprint(other / "site")


def test_sources_and_meanings_stay_out_of_the_search(built: Built) -> None:
    entries = json.loads((built.site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    assert len(entries) > 100
    assert [e["location"] for e in entries if "#sources-of-this-page" in e["location"]] == []
    texts = " ".join(entry["text"] for entry in entries)
    assert "Words on this page" not in texts
    assert "New England Journal" not in texts
    assert "Evidence checked" not in texts


def test_addresses_follow_the_environment(built: Built) -> None:
    home = (built.site / "index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/a-project/">' in home
    assert "https://github.com/example/repository/issues" in home
    missing = (built.site / "404.html").read_text(encoding="utf-8")
    assert 'href="/a-project/assets/' in missing
    sitemap = (built.site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/a-project/get-help/</loc>" in sitemap
    assert re.search(r"<lastmod>\d{4}-\d\d-\d\d</lastmod>", sitemap)
    offline = (built.offline / "index.html").read_text(encoding="utf-8")
    assert "example.org/a-project" not in offline


def test_the_build_runs_in_the_folder_it_is_told(tmp_path: Path) -> None:
    """From any folder: nothing depends on where the command is called."""
    root = copy_center(tmp_path / "center")
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/build.py"), "--root", str(root)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (root / "site/index.html").is_file()


def test_a_good_commit_date_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert int(build.source_date(ROOT)) > 1_700_000_000
    assert build.source_date(tmp_path) == "315532800"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "12")
    assert build.source_date(ROOT) == "12"
