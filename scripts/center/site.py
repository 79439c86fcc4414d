"""Facts about a built site: what each page shows and loads, and what its links lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from turbohtml import Comment, Element, Text

from center.finding import DataError
from center.links import web
from center.links.html import Document
from center.links.web import Load, Web

#: Elements whose text is not read as words: not shown, or shown as code.
_SILENT = frozenset({"script", "style", "template", "title", "code", "pre"})
#: Elements with text that may be Markdown or a template left over.
_RAW = "//*[text()[contains(., '{') or contains(., '///') or contains(., '[@')]]"


#: Where the head of a page says to machines what the page is, by the name that is used of it here.
_TOLD = {
    "canonical": r"<link\b[^>]*\bcanonical\b",
    "og:url": r"<meta\b[^>]*\bog:url\b",
    "og:title": r"<meta\b[^>]*\bog:title\b",
    "og:description": r"<meta\b[^>]*\bog:description\b",
}
_DATA = re.compile(r"<script\b[^>]*\bapplication/ld\+json\b[^>]*>", re.I)


class Run(NamedTuple):
    """A run of text, with where it begins."""

    text: str
    line: int
    column: int


@dataclass
class Told:
    """What a page says of itself to search engines and previews: its words by name, and its structured data."""

    title: str = ""
    description: str = ""
    words: dict[str, Run] = field(default_factory=dict)
    data: list[Run] = field(default_factory=list)


@dataclass
class BuiltPage:
    """One HTML file of a site: pictures without ``alt``, ids that stand twice, what it loads from elsewhere.

    ``texts`` are runs of text with a sign that raw Markdown or a template would have too; ``marks`` are the words of
    each part that a template marks by ``data-center``.
    """

    path: str
    name: PurePosixPath
    doubled: list[tuple[str, int, int]] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)
    texts: list[Run] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    loads: list[Load] = field(default_factory=list)
    problem: DataError | None = None


@dataclass
class Site:
    """A built site: its pages by name, and the web of its links."""

    label: str
    pages: dict[PurePosixPath, BuiltPage]
    web: Web


def join(base: PurePosixPath, path: str) -> PurePosixPath | None:
    """A path joined to a base, "." and ".." taken out; None if it leaves the root."""
    parts = list(base.parts)
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return PurePosixPath(*parts)


def read_tree(document: Document, path: str) -> BuiltPage:
    """Facts of one page's tree."""
    tree = document.tree
    page = BuiltPage(path, PurePosixPath())
    if document.encoding != "utf-8":  # a browser may read it, but nobody who mends the page expects it
        page.problem = DataError(path, 1, f"save this file as UTF-8 text; it is {document.encoding}")
    page.pictures = [document.place(element) for element in tree.select("img:not([alt])")]
    page.doubled = [(name, *document.place(element, "id")) for name, element in document.doubled()]
    for element in tree.select("[data-center]"):
        mark = element.attr("data-center") or ""
        # Apart, as two list items are seen.
        page.marks[mark] = " ".join([page.marks.get(mark, ""), *(text.data for text in _shown(element))])
    page.told = _told(document)
    for part in tree.xpath_iter(_RAW):
        if isinstance(part, Element) and not _is_silent(part):
            page.texts += _runs(document, part)
    return page


def _told(document: Document) -> Told:
    """What the head says. Places are looked for in the text: the parser's cost a second reading of every page."""
    tree, text = document.tree, document.text

    def run(words: str | None, found: re.Match[str] | None) -> Run:
        return Run((words or "").strip(), *document.at(found.start() if found else 0))

    told = Told()
    told.title = next((" ".join(element.text.split()) for element in tree.select("head > title")), "")
    told.description = next(
        (element.attr("content") or "" for element in tree.select("meta[name='description' i]")), ""
    )
    for name, sign in _TOLD.items():
        select, attribute = (
            ("link[rel~='canonical' i]", "href") if name == "canonical" else (f"meta[property='{name}']", "content")
        )
        for element in tree.select(select)[:1]:
            told.words[name] = run(element.attr(attribute), re.search(sign, text, re.I))
    places: list[re.Match[str] | None] = [*_DATA.finditer(text)]
    scripts = tree.select("script[type='application/ld+json' i]")
    places += [None] * (len(scripts) - len(places))
    told.data = [run(element.text, place) for element, place in zip(scripts, places, strict=False)]
    return told


def _is_silent(node: Element | Text) -> bool:
    own = isinstance(node, Element) and node.tag in _SILENT
    return own or any(isinstance(above, Element) and above.tag in _SILENT for above in node.ancestors)


def _shown(element: Element) -> Iterator[Text]:
    """The runs of text within an element that are shown as words."""
    return (node for node in element.descendants if isinstance(node, Text) and not _is_silent(node))


def _runs(document: Document, element: Element) -> Iterator[Run]:
    """The texts directly in an element, each from where its words begin in the file, for the parser gives no place."""
    location = element.source_location
    at = location.start_tag.end_offset if location else 0
    for node in element.children:
        if isinstance(node, Text) and not node.data.isspace():
            words = node.data.lstrip()
            first = re.split("[&<]", words, maxsplit=1)[0][:20]
            found = document.text.find(first, at) if first else at
            lead = node.data[: -len(words)]
            if not first or found < 0:
                yield Run(node.data, *document.at(at))
            elif document.text.endswith(lead, 0, found):
                yield Run(node.data, *document.at(found - len(lead)))
            else:  # the space before it stands elsewhere, as around the end of the body
                yield Run(words, *document.at(found))
            at = max(at, found + len(first))
        elif isinstance(node, Comment) and (found := document.text.find(f"{node.data}-->", at)) >= 0:
            at = found + len(node.data) + 3
        elif isinstance(node, Element) and (inner := node.source_location):
            at = (inner.end_tag or inner.start_tag).end_offset


def read(folder: Path, label: str, address: str = "") -> Site:
    """Facts of a built site. Raises DataError if the folder is no site: nothing to check is no success."""
    found = web.read(folder, label, address, read_tree)
    pages = {}
    for file, facts in found.pages.items():
        page = facts.extra or BuiltPage(found.work.path(file), PurePosixPath())
        page.name, page.loads = PurePosixPath(file), facts.loads
        if facts.problem:
            page.problem = DataError(page.path, facts.problem[0], facts.problem[2], facts.problem[1])
        pages[page.name] = page
    return Site(label, pages, found)
