"""Marks the first use of each glossary term as a button whose meaning pops up, and lists the terms.

A native popover works by mouse, tap, keyboard and screen reader, without script, and prints at the foot.
The block ``/// glossary`` with ``group: NAME`` lists the terms of a group; with ``order: letters``, all terms and
their short forms from A to Z, a heading for each letter, and a line of letters to jump by.
"""

from __future__ import annotations

import itertools
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from center import glossary
from center.markdown import loaded, words
from center.markdown.block import DataBlock, register

_WORDS = {
    "words": "heading over the meanings at the foot of a printed page",
    "say": "how to say a term, with {say}",
    "also": "other words for a term, with {also}",
}
#: Text in these is never marked: headings feed the table of contents, the rest has its own meaning.
_SKIP = {"h1", "h2", "h3", "h4", "h5", "h6", "a", "button", "code", "pre", "sup", "figure", "svg", "th"}
_SKIP |= {"label", "legend", "option"}  # a button in the name of a field would be a second thing to press


def _meaning(term: glossary.Term, said: dict[str, str], parent: ET.Element) -> None:
    strong = ET.SubElement(parent, "strong")
    strong.text = AtomicString(term.term)
    abbreviations = f" ({', '.join(term.abbr)})" if term.abbr else ""
    say = f", {said['say'].format(say=term.say)}" if term.say else ""
    strong.tail = AtomicString(f"{abbreviations}{say}. {term.meaning}")


class _MarkFirst(Treeprocessor):
    def __init__(self, terms: tuple[glossary.Term, ...], said: dict[str, str], md: Markdown) -> None:
        super().__init__(md)
        self.pattern, self.by_form = glossary.pattern(terms)
        self.said = said

    def run(self, root: ET.Element) -> None:
        marked: dict[str, glossary.Term] = {}
        self._walk(root, marked)
        if not marked:
            return
        section = ET.SubElement(root, "section", {"class": "words", "data-search-exclude": ""})
        title = ET.SubElement(section, "p", {"class": "words__title"})
        title.text = AtomicString(self.said["words"])
        for term in marked.values():
            box = ET.SubElement(section, "div", {"popover": "auto", "id": f"word-{term.id}", "class": "word"})
            _meaning(term, self.said, box)

    def _walk(self, element: ET.Element, marked: dict[str, glossary.Term]) -> None:
        if element.tag in _SKIP or element.get("class") in ("sources", "references", "glossary"):
            return
        element.text = self._mark(element, 0, element.text, marked)
        for child in list(element):
            self._walk(child, marked)
            index = list(element).index(child) + 1
            child.tail = self._mark(element, index, child.tail, marked)

    def _mark(self, parent: ET.Element, index: int, text: str | None, marked: dict[str, glossary.Term]) -> str | None:
        """Mark the terms in one text; buttons go into ``parent`` at ``index``. Returns the text before the first."""
        if not text:
            return text
        before, last, done = text, None, 0
        for match in self.pattern.finditer(text):
            found = match.group(0)
            form = " ".join(found.split())
            term = self.by_form.get(form) or self.by_form[form.lower()]
            if term.id in marked:
                continue
            marked[term.id] = term
            gap = AtomicString(text[done : match.start()])
            if last is None:
                before = gap
            else:
                last.tail = gap
            last = ET.Element("button", {"type": "button", "class": "term", "popovertarget": f"word-{term.id}"})
            last.text = AtomicString(found)
            parent.insert(index, last)
            index += 1
            done = match.end()
        if last is not None:
            last.tail = AtomicString(text[done:])
        return before


def _plain(name: str) -> str:
    """A name as it is put in order: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in letters if sign.isalnum() or sign == " ").strip() or name


def _beside(form: str, name: str) -> bool:
    """Whether a short form begins as its term does."""
    return _plain(name).startswith(_plain(form).split()[0])


class _Glossary(DataBlock):
    NAME = "glossary"

    def build(self, data: Any, element: ET.Element) -> None:
        terms = self.config["terms"]
        element.set("class", "glossary")
        if data == {"order": "letters"}:
            self._letters(terms, element)
            return
        if not isinstance(data, dict) or list(data) != ["group"]:
            raise ValueError("the block needs one line, 'group: ' and the name of a group, or 'order: letters'")
        chosen = [t for t in terms if t.group == data["group"]]
        if not chosen:
            raise ValueError(f"no term is in the group '{data['group']}'")
        listing = ET.SubElement(element, "dl")
        for term in chosen:
            self._entry(listing, term)

    def _letters(self, terms: tuple[glossary.Term, ...], element: ET.Element) -> None:
        """All terms, and for each short form a line that leads to its term, unless both stand side by side."""
        named = [(term.term, term) for term in terms]
        short = [(form, term) for term in terms for form in term.abbr if not _beside(form, term.term)]
        lines = sorted([*named, *short], key=lambda line: (_plain(line[0]), line[0]))
        bar = ET.SubElement(element, "p", {"class": "letters", "data-search-exclude": ""})
        for letter, group in itertools.groupby(lines, key=lambda line: _plain(line[0])[0]):
            jump = ET.SubElement(bar, "a", {"href": f"#letter-{letter}"})
            jump.text = AtomicString(letter.upper())
            jump.tail = " "
            heading = ET.SubElement(element, "h3", {"id": f"letter-{letter}"})
            heading.text = AtomicString(letter.upper())
            listing = ET.SubElement(element, "dl")
            for name, term in group:
                if name == term.term:
                    self._entry(listing, term)
                    continue
                ET.SubElement(listing, "dt").text = AtomicString(name)
                link = ET.SubElement(ET.SubElement(listing, "dd"), "a", {"href": f"#{term.id}"})
                link.text = AtomicString(term.term)

    def _entry(self, listing: ET.Element, term: glossary.Term) -> None:
        said = self.config["words"]
        name = ET.SubElement(listing, "dt", {"id": term.id})
        name.text = AtomicString(term.term)
        if term.abbr:
            name.text = AtomicString(f"{term.term} ({', '.join(term.abbr)})")
        meaning = ET.SubElement(listing, "dd")
        say = said["say"].format(say=term.say)
        meaning.text = AtomicString((f"{say[:1].upper()}{say[1:]}. " if term.say else "") + term.meaning)
        if term.also:
            also = ET.SubElement(listing, "dd", {"class": "also"})
            also.text = AtomicString(said["also"].format(also=", ".join(term.also)))


class GlossaryExtension(Extension):
    """Options: ``glossary`` (file), ``words`` (what is printed, in the pages' language)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"glossary": ["docs/glossary.en.yml", "terms"], "words": [{}, "printed words"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        terms = loaded(glossary.load, self.getConfig("glossary"))
        said = words(self.getConfig("words"), _WORDS)
        # After inline patterns (20) and citations (15): what they wrote is skipped.
        md.treeprocessors.register(_MarkFirst(terms, said, md), "center-glossary", 12)
        register(md, _Glossary, {"terms": terms, "words": said})


def makeExtension(**kwargs: Any) -> GlossaryExtension:
    """Entry point of Python-Markdown."""
    return GlossaryExtension(**kwargs)
