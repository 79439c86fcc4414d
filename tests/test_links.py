"""The reading of links, held to sites with a single fault each, and to good ones.

``links/*.yml`` holds them: a case is named ``fault: CODE words`` or ``good: words``, and its other keys are files. The
place of a fault is marked by "¦" in front of it; the mark is taken out, and exactly that finding must come. A case runs
below several addresses, or those of its ``site``; names in braces are pages, which it has once as files and once as
folders. ``why`` is the reason where the standards or hosts leave it open, and what Chromium does where we asked it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from center import run
from center.links import web

CASES = Path(__file__).resolve().parent / "links"
#: Where the sites live: unknown, at the root of a host, and below it.
SITES = ("", "https://example.org/", "https://example.org/a/b/")
STYLES = ("files", "folders")
_NO_FILE = {"fault", "good", "why", "site"}
_PAGE = re.compile(r"\{([\w/]+)\}")
_MARK = "¦"
CHOICE = run.choose(None)


class Case(NamedTuple):
    """A site, where it lives, how its pages are addressed, and the code of its one fault ("" for a good one)."""

    name: str
    code: str
    files: dict[str, str | bytes]
    site: str
    style: str


def cases() -> list[Case]:
    found = []
    for file in sorted(CASES.glob("*.yml")):
        for given in yaml.safe_load(file.read_text(encoding="utf-8")):
            code, _, words = given["fault"].partition(" ") if "fault" in given else ("", "", given["good"])
            files = {name: content for name, content in given.items() if name not in _NO_FILE}
            styles = STYLES if any(_PAGE.search(f"{name}{content}") for name, content in files.items()) else ("",)
            found += [
                Case(f"{file.stem}: {words}", code, files, site, style)
                for site in given.get("site", SITES)
                for style in styles
            ]
    return found


CASE_LIST = cases()


def named(page: str, style: str) -> str:
    """The file of a page in one of the styles."""
    return f"{page}.html" if style == "files" or page == "index" else f"{page}/index.html"


def link(page: str, here: str, style: str) -> str:
    """A page as a link in a file has it."""
    there = web.shown(named(page, style), here, "/")
    return there if style == "files" else there or "./"


def lay(case: Case, folder: Path) -> list[str]:
    """Write a site; gives the places of what must be found in it."""
    places = []
    for name, content in case.files.items():
        file = _PAGE.sub(lambda match: named(match[1], case.style), name)
        made: Any = content
        if isinstance(content, str):
            made = _PAGE.sub(lambda match, file=file: link(match[1], file, case.style), content)  # type: ignore[misc]
            if _MARK in made:
                before = made.partition(_MARK)[0].replace("\r\n", "\n").replace("\r", "\n")
                places.append(f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))} {case.code}")
            made = made.replace(_MARK, "").encode()
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(made)
    return places


@pytest.mark.parametrize("case", CASE_LIST, ids=lambda c: f"{c.name} [{c.site or 'nowhere'} {c.style}]")
def test_site(case: Case, tmp_path: Path) -> None:
    expected = lay(case, tmp_path)
    assert len(expected) == bool(case.code), "a single fault, marked once"
    findings = run.check_links(web.read(tmp_path, "site", case.site), CHOICE).findings
    given = [f"{f.path.removeprefix('site/')}:{f.line}:{f.column} {f.code}" for f in findings]
    assert given == expected, findings


def test_the_corpus_is_wide() -> None:
    """At least 100 sites with one fault and 60 good ones, each with a name of its own."""
    faults = {case.name for case in CASE_LIST if case.code}
    good = {case.name for case in CASE_LIST if not case.code}
    assert len(faults) >= 100
    assert len(good) >= 60
    assert not faults & good
    assert {case.code for case in CASE_LIST if case.code} == {
        rule.code for rule in run.RULES.values() if rule.asks == ("web",)
    }
