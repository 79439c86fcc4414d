"""Gives each picture its room on the page before it comes, and puts it together with its caption.

A paragraph of nothing but pictures becomes a figure; a paragraph below it that is set in italics as a whole is its
caption. Each picture gets the width and height of its file, so that no line moves when it comes, and is loaded when a
reader comes near it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from center import svg
from center.finding import DataError
from center.markdown import data_file, loaded

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def size(path: Path) -> tuple[int, int]:
    """Width and height of an SVG by its view box. Raises DataError if it cannot be read or has none."""
    picture = svg.parse(path.read_bytes(), path.name)
    if picture.problem:
        raise picture.problem
    box = _NUMBER.findall(picture.elements[0].attributes.get("viewBox", ""))
    if len(box) != 4:
        raise DataError(path.name, 1, 'an SVG must have a viewBox of four numbers, such as "0 0 360 420"')
    return round(float(box[2])), round(float(box[3]))


def _pictures(element: ET.Element) -> list[ET.Element]:
    """The pictures of a paragraph that holds nothing else."""
    images = list(element)
    alone = all(child.tag == "img" and not (child.tail or "").strip() for child in images)
    return images if element.tag == "p" and images and alone and not (element.text or "").strip() else []


def _caption(element: ET.Element) -> ET.Element | None:
    """The words of a paragraph that is set in italics as a whole."""
    if element.tag == "p" and len(element) == 1 and element[0].tag == "em" and not (element.text or "").strip():
        return None if (element[0].tail or "").strip() else element[0]
    return None


class _Figures(Treeprocessor):
    def __init__(self, theme: str, md: Markdown) -> None:
        super().__init__(md)
        self.theme = theme

    def run(self, root: ET.Element) -> None:
        for image in root.iter("img"):
            _, assets, rest = image.get("src", "").partition("assets/")
            file = data_file(f"{self.theme}/{assets}{rest}")
            image.set("loading", "lazy")
            image.set("decoding", "async")
            if assets and file.suffix == ".svg" and file.is_file():  # a file that is not there is the validator's
                wide, tall = loaded(size, str(file))
                image.attrib.update(width=str(wide), height=str(tall))
        for parent in list(root.iter()):
            for at in reversed(range(len(parent))):
                if not _pictures(parent[at]):
                    continue
                figure = parent[at]
                figure.tag = "figure"
                figure.set("class", "pictures")
                words = _caption(parent[at + 1]) if at + 1 < len(parent) else None
                if words is not None:
                    parent.remove(parent[at + 1])
                    words.tag, words.tail = "figcaption", None
                    figure.append(words)


class PicturesExtension(Extension):
    """Option: ``theme``, the folder that holds ``assets``."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"theme": ["overrides", "the folder that holds the pictures' folder 'assets'"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        # After the words in a line are read (20) and the glossary has marked its terms in them (12).
        md.treeprocessors.register(_Figures(self.getConfig("theme"), md), "center-pictures", 7)


def makeExtension(**kwargs: Any) -> PicturesExtension:
    """Entry point of Python-Markdown."""
    return PicturesExtension(**kwargs)
