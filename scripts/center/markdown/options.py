"""Options side by side: a table whose first heading cell is marked ``{ .options }`` is read option by option.

A table is the natural way to write a comparison, a row for each question and a column for each option. On a
phone, and read aloud, an option must stay together. So the columns become cards, each with the same rows;
the style puts them side by side, in line with each other, where there is room. What is seen and what is
heard stand in the same order in every width.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# As written, not as an attribute: lists of attributes are read (8) after citations are numbered (15), and both
# citations and words are to be numbered and marked in the order that is seen.
_MARK = re.compile(r"\{:?\s*\.options\s*\}")


def _move(source: ET.Element, target: ET.Element) -> ET.Element:
    """Everything inside one element, moved into another."""
    target.text, source.text = source.text, None
    target.extend(list(source))
    for child in list(source):
        source.remove(child)
    return target


class _Options(Treeprocessor):
    def run(self, root: ET.Element) -> None:
        for parent in list(root.iter()):
            for index, table in enumerate(list(parent)):
                first = table.find("thead/tr/th") if table.tag == "table" else None
                if first is not None and _MARK.search(first.text or ""):
                    cards = self._cards(table)
                    cards.tail = table.tail
                    parent.remove(table)
                    parent.insert(index, cards)

    def _cards(self, table: ET.Element) -> ET.Element:
        names = table.findall("thead/tr/th")[1:]
        rows = [list(row) for row in table.findall("tbody/tr")]
        if not names or not rows or any(len(row) != len(names) + 1 for row in rows):
            raise ValueError("a table of options needs a row of options, and one cell for each option in every row")
        cards = ET.Element("div", {"class": f"options options--{len(rows) + 1}"})
        for column, name in enumerate(names, 1):
            card = ET.SubElement(cards, "section", {"class": "option"})
            _move(name, ET.SubElement(card, "p", {"class": "option__name"}))
            for row in rows:
                if not (row[column].text or "").strip() and not len(row[column]):
                    raise ValueError(
                        f"a table of options has an empty cell in the row '{''.join(row[0].itertext()).strip()}': "
                        "every option answers every question"
                    )
                part = ET.SubElement(card, "div", {"class": "option__row"})
                label = ET.SubElement(part, "p", {"class": "option__label"})
                label.text = "".join(row[0].itertext()).strip()
                _move(row[column], ET.SubElement(part, "p", {"class": "option__text"}))
        return cards


class OptionsExtension(Extension):
    """Turns tables of options into cards. It has no options of its own."""

    def extendMarkdown(self, md: Markdown) -> None:
        # After inline patterns (20), before citations (15) and words (12).
        md.treeprocessors.register(_Options(md), "center-options", 18)


def makeExtension(**kwargs: Any) -> OptionsExtension:
    """Entry point of Python-Markdown."""
    return OptionsExtension(**kwargs)
