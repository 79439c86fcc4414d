"""Citations in Pandoc's form, ``[@key]`` and ``[@a; @b]``, and the list of sources at the foot of a page.

Also the block that lists every reference of a kind::

    /// references
    kind: guideline
    ///
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from warnings import catch_warnings, simplefilter

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import HtmlInlineProcessor, InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from center import sources
from center.markdown import data_file, words
from center.markdown.block import DataBlock, register

_WORDS = {
    "sources": "heading of the list of sources",
    "source": "name of one citation link, with {number}",
    "back": "name of a link back to the text, with {number} and {place}",
    "places": "what opens a long list of links back, with {count}",
    "read": "a source read in full",
    "verified": "a source seen in a summary",
    "known": "a source not seen",
}


def _escaped(value: Any) -> Any:
    """CSL data with its texts escaped for HTML: citeproc puts them between tags as they are."""
    if isinstance(value, dict):
        return {key: _escaped(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_escaped(part) for part in value]
    return escape(value, quote=False) if isinstance(value, str) else value


def _initials(author: dict[str, str]) -> dict[str, str]:
    """An author whose initials ("CM") stand apart ("C. M."), as a style needs them to keep each one."""
    given = author.get("given", "")
    return {**author, "given": " ".join(f"{c}." for c in given)} if given.isalpha() and given.isupper() else author


#: Links back to the text that stand open; more of them are folded away.
_SHOWN = 4


@lru_cache(maxsize=4)
def _formatted(references: Path, style: Path, _stamp: tuple[int, int]) -> tuple[sources.References, dict[str, str]]:
    """References of a file and each as HTML in the style. Formatting takes half a second, so once a process."""
    from citeproc import (  # type: ignore[import-untyped]
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]

    items = sources.load(references)
    data = []
    for reference in items.values():
        # The address is added by us as a link; our own fields are no part of CSL.
        item = _escaped({k: v for k, v in reference.csl.items() if k not in ("custom", "URL", "DOI")})
        item["author"] = [_initials(author) for author in item.get("author", [])]
        if reference.custom.get("more-authors"):
            item["author"] = [*item["author"], {"literal": "et al"}]
        data.append(item)
    with catch_warnings():
        simplefilter("ignore")  # citeproc warns of fields it does not know, none of them ours to mend
        bibliography = CitationStylesBibliography(
            CitationStylesStyle(str(style), validate=False), CiteProcJSON(data), formatter.html
        )
        for key in items:
            bibliography.register(Citation([CitationItem(key.lower())]))
        entries = [str(entry) for entry in bibliography.bibliography()]
    html = {}
    for key, entry in zip(items, entries, strict=True):
        text = re.sub(r"^\s*\d+\.\s*", "", entry).strip()
        for note in ("citation-note", "author-note"):
            if items[key].custom.get(note):
                text += f" ({escape(str(items[key].custom[note]).strip(' (),'))})"
        html[key] = text
    return items, html


def formatted(references: Path, style: Path) -> tuple[sources.References, dict[str, str]]:
    """References of a file, and each one's text as HTML, formatted in a CSL style."""
    stat = references.stat()
    return _formatted(references, style, (stat.st_mtime_ns, stat.st_size))


class _Library:
    """What the parts of the extension share while one page is rendered."""

    def __init__(self, references: Path, style: Path, given: Any) -> None:
        self.items, self.html = formatted(references, style)
        self.words = words(given, _WORDS)

    def keys(self, text: str) -> tuple[str, ...]:
        """Keys of a citation. Raises ValueError if it is malformed or a key is unknown."""
        keys = sources.citation_keys(text)
        if not keys:
            raise ValueError(f"citation '{text}' must be written [@key] or [@key; @other-key]")
        for key in keys:
            if key not in self.items:
                raise ValueError(f"unknown source '@{key}' in '{text}': add it to the references, or mend the key")
        return keys

    def entry(self, key: str) -> ET.Element:
        """One reference as a span: its text, a link that shows where it goes, and how it was seen."""
        reference = self.items[key]
        span = ET.fromstring(f"<span>{self.html[key]} </span>")  # noqa: S314  (our own formatted text)
        if reference.url:
            parts = urlsplit(reference.url)
            link = ET.SubElement(span, "a", {"href": reference.url, "rel": "external noreferrer"})
            shown = parts.netloc + parts.path if parts.netloc == "doi.org" else parts.netloc.removeprefix("www.")
            link.text = AtomicString(shown)
            link.tail = " "
        seen = ET.SubElement(span, "span", {"class": "seen"})
        seen.text = AtomicString(self.words[reference.confidence])
        for part in span.iter():  # what is formatted already is no Markdown any more
            part.text = AtomicString(part.text) if part.text else part.text
            part.tail = AtomicString(part.tail) if part.tail else part.tail
        return span


class _Mark(InlineProcessor):
    """Puts an empty mark where a citation stands; numbers are given later, in reading order."""

    def __init__(self, library: _Library, md: Markdown) -> None:
        super().__init__(rf"[ \t]*\n?[ \t]*({sources.CITATION.pattern})", md)
        self.library = library

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ET.Element, int, int]:  # type: ignore[override]
        mark = ET.Element("sup", {"class": "cite"})
        mark.set("data-keys", " ".join(self.library.keys(m.group(1))))
        return mark, m.start(0), m.end(0)


class _Number(Treeprocessor):
    """Numbers the marks in reading order and writes the list of sources."""

    def __init__(self, library: _Library, md: Markdown) -> None:
        super().__init__(md)
        self.library = library

    def run(self, root: ET.Element) -> None:
        places: dict[str, list[str]] = {}
        for mark in root.iter("sup"):
            if mark.get("class") != "cite":
                continue
            for key in (mark.attrib.pop("data-keys", "") or "").split():
                seen = places.setdefault(key, [])
                number = list(places).index(key) + 1
                seen.append(f"cite-{number}-{len(seen) + 1}")
                if len(mark):
                    mark[-1].tail = AtomicString(", ")
                link = ET.SubElement(mark, "a", {"href": f"#source-{number}", "id": seen[-1]})
                link.set("aria-label", self.library.words["source"].format(number=number))
                link.text = AtomicString(str(number))
        if places:
            root.append(self._list(places))

    def _list(self, places: dict[str, list[str]]) -> ET.Element:
        section = ET.Element("section", {"class": "sources", "data-search-exclude": ""})
        heading = ET.SubElement(section, "h2", {"id": "sources-of-this-page", "data-search-exclude": ""})
        heading.text = self.library.words["sources"]
        listing = ET.SubElement(section, "ol")
        for number, (key, marks) in enumerate(places.items(), 1):
            item = ET.SubElement(listing, "li", {"id": f"source-{number}"})
            entry = self.library.entry(key)
            entry.tail = " "
            item.append(entry)
            into = item
            if len(marks) > _SHOWN:
                into = ET.SubElement(item, "details", {"class": "places"})
                summary = ET.SubElement(into, "summary")
                summary.text = AtomicString(self.library.words["places"].format(count=len(marks)))
            for place, mark in enumerate(marks, 1):
                back = ET.SubElement(into, "a", {"href": f"#{mark}", "class": "back"})
                back.set("aria-label", self.library.words["back"].format(number=number, place=place))
                back.text = AtomicString("↩" if len(marks) == 1 else f"↩{place}")
                back.tail = " "
        return section


class _References(DataBlock):
    """``/// references``: every reference of a kind, sorted as the file has them."""

    NAME = "references"

    def build(self, data: Any, element: ET.Element) -> None:
        library: _Library = self.config["library"]
        if not isinstance(data, dict) or list(data) != ["kind"]:
            raise ValueError("the block needs one line, 'kind: ' and a kind of reference")
        keys = [key for key, item in library.items.items() if item.kind == data["kind"]]
        if not keys:
            kinds = sorted({item.kind for item in library.items.values()})
            raise ValueError(f"no reference is of kind '{data['kind']}'; the kinds are {', '.join(kinds)}")
        element.set("class", "references")
        element.set("data-search-exclude", "")  # titles of papers would crowd out the answers
        listing = ET.SubElement(element, "ul")
        for key in keys:
            item = ET.SubElement(listing, "li", {"id": f"ref-{key}"})
            item.append(library.entry(key))


class CitationsExtension(Extension):
    """Options: ``references`` and ``style`` (files), ``words`` (what is printed, in the pages' language)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "references": ["docs/references.yml", "CSL references"],
            "style": ["docs/american-medical-association.csl", "CSL style"],
            "words": [{}, "printed words"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        library = _Library(
            data_file(self.getConfig("references")), data_file(self.getConfig("style")), self.getConfig("words")
        )
        # After escaped signs (180) and before citations: what stands in a comment is not read, so it is no citation.
        md.inlinePatterns.register(HtmlInlineProcessor(r"(<!--(?s:.*?)-->)", md), "center-comments", 177)
        # Before links (170), so that "[@key](x)" is never taken for one; after code spans (190).
        md.inlinePatterns.register(_Mark(library, md), "center-citations", 175)
        # After inline patterns (20), before the table of contents (5), which then holds the heading.
        md.treeprocessors.register(_Number(library, md), "center-citations", 15)
        register(md, _References, {"library": library})


def makeExtension(**kwargs: Any) -> CitationsExtension:
    """Entry point of Python-Markdown."""
    return CitationsExtension(**kwargs)
