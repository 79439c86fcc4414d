"""Marks each question to ask with its id in the list of all questions, so that a script can offer to keep it.

The words stand in the list and on the pages; nothing is written twice into a script.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from center import questions
from center.markdown import loaded


def _words(element: ET.Element) -> str:
    """What a reader reads as the words; the numbers of sources are none."""
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child.tag == "sup" else _words(child), child.tail or ""]
    return " ".join("".join(parts).split())


class _Mark(Treeprocessor):
    def __init__(self, listed: dict[str, str], section: str, md: Markdown) -> None:
        super().__init__(md)
        self.listed, self.section = listed, section
        self.words = {id_: words for words, id_ in listed.items()}

    def run(self, root: ET.Element) -> None:
        inside = False
        for element in root:
            if element.tag in ("h1", "h2"):
                inside = element.get("id") == self.section
            if element.tag != "ul":
                continue
            for item in element.findall("li"):
                id_ = item.get("id", "")
                if inside and id_ not in self.words:
                    id_ = self.listed.get(_words(item), "")
                if id_ in self.words:
                    item.attrib.update({"data-question": id_, "data-ask": self.words[id_]})


class QuestionsExtension(Extension):
    """Options: ``questions`` (the file of the list) and ``section`` (id of the section of questions on other pages)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "questions": ["docs/en/tools/my-questions.md", "the page with the list"],
            "section": ["questions-to-ask", "id of the heading above a page's questions"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        listed = loaded(questions.load, self.getConfig("questions"))
        # After lists of attributes (8), which write the ids.
        md.treeprocessors.register(_Mark(listed, self.getConfig("section"), md), "center-questions", 6)


def makeExtension(**kwargs: Any) -> QuestionsExtension:
    """Entry point of Python-Markdown."""
    return QuestionsExtension(**kwargs)
