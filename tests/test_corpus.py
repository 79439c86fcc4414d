"""Good pages of other shapes: in other languages, and in every odd form of Markdown that is legal. Nothing is to mend.

They live in a tiny center of their own, with the data of ``pages``. A start page that leads to each is written here.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import markdown
import pytest
from center import page, run
from center.data import LenientParser
from center.finding import Finding

from tests.test_markdown import STYLE, WORDS
from tests.test_rules import PAGES, SAVED, SETTINGS, TODAY, read

CORPUS = Path(__file__).resolve().parent / "corpus"
NAMES = sorted(file.name for file in CORPUS.glob("*.md"))
_FRONT = """---
title: The first page
description: Leads to every page of this test.
kind: plain
checked: 2026-11-01
next_check: 2027-11-01
reviewers: []
---
# The first page

## Every page {#all}

"""


def parsed(name: str) -> page.Page:
    return page.read(CORPUS / name, name, PurePosixPath(name))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is found in the pages, once for each way they may have been saved."""
    titles = {name: record.get("title") for name in NAMES if (record := parsed(name).record)}
    assert list(titles) == NAMES
    index = _FRONT + "".join(f"- [{title}]({name})\n" for name, title in titles.items())
    findings = {}
    for how, (end, before) in SAVED.items():
        root = tmp_path_factory.mktemp("saved") / how
        shutil.copytree(PAGES, root, ignore=shutil.ignore_patterns("bad", "good"))
        for name in NAMES:
            (root / name).write_bytes(before + (CORPUS / name).read_bytes().replace(b"\n", end))
        (root / "index.md").write_text(index, encoding="utf-8")
        settings = dataclasses.replace(SETTINGS, home="index.md", questions="index.md")
        center = dataclasses.replace(read(root), figures=None)  # it keeps no record of its numbers
        findings[how] = run.sources(center, settings, TODAY)
    return findings


@pytest.mark.parametrize("name", [*NAMES, "index.md"])
def test_nothing_is_found_in_a_good_page(name: str, found: dict[str, list[Finding]]) -> None:
    for how, findings in found.items():
        assert [f for f in findings if f.path == name] == [], f"saved with {how}"


def test_the_corpus_is_wide() -> None:
    """At least 60 pages, half of them in other languages, that hold all a page may."""
    assert len(NAMES) >= 60
    pages = [parsed(name) for name in NAMES]
    assert sum(p.kind == "guide" for p in pages) >= 25
    for fact in ("headings", "links", "citations", "blocks", "lists", "anchors"):
        assert sum(bool(getattr(p, fact)) for p in pages) >= 2, fact


class _Built(LenientParser):
    """Ids, addresses and citations of built HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given[name] or "" for name in ("id", "name") if name in given}
        self.targets |= {given[name] or "" for name in ("href", "src") if name in given}


def build(text: str) -> str:
    """HTML of a page's Markdown, with every extension of the real site."""
    references = str(PAGES / "references.yml")
    options: dict[str, dict[str, Any]] = {
        "center.markdown.citations": {"references": references, "style": str(STYLE), "words": WORDS},
        "center.markdown.people": {"references": references, "rates": list(SETTINGS.rates), "words": WORDS},
        "center.markdown.film": {"references": references, "pictures": str(PAGES / "theme")},
        "center.markdown.glossary": {"glossary": str(PAGES / "glossary.yml"), "words": WORDS},
    }
    extensions = ["toc", "tables", "fenced_code", "attr_list", "center.markdown.options", *options]
    return markdown.markdown(text, extensions=extensions, extension_configs=options)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_page_is_built_as_it_is_read(name: str) -> None:
    """The site's engine takes the page too, and makes of it what the checks have read: no false calm either."""
    source = parsed(name)
    html = build("\n" * 9 + source.text.split("\n---\n", 1)[-1])
    built = _Built(html)
    assert source.ids <= built.ids
    inside = {link.target for link in source.links if not urlsplit(link.target).scheme}
    assert inside - built.targets == set()
    cited = [key for citation in source.citations for key in citation.keys]
    cited += [key for block in source.blocks if "source" in block.data for key in block.data["source"].split(";")]
    assert len(re.findall(r'id="cite-\d+-\d+"', html)) == len(cited)
