"""``/// film``: a picture that moves when the reader asks, with each of its steps in words.

The picture is written into the page, so that a script can move its parts; how it looks is left to a style sheet, which
scripts/pictures.py writes from the picture's own style. Without a script it is a still picture above a list.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from copy import deepcopy
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.util import AtomicString

from center import film, sources
from center.markdown import data_file, loaded
from center.markdown.block import DataBlock, register

#: What names an id of the same picture.
_POINTS = re.compile(r"url\(#([^)]+)\)")


class _Count:
    """Numbers the films of a page, so that ids are unique."""

    def __init__(self) -> None:
        self.value = 0


class _Film(DataBlock):
    NAME = "film"

    def build(self, data: Any, element: ET.Element) -> None:
        shown = film.parse(data, self.config["known"])
        file = data_file(f"{self.config['pictures']}/{shown.picture}")
        scene = loaded(film.load, str(file))
        if len(scene.steps) != len(shown.steps):
            raise ValueError(f"the picture has {len(scene.steps)} steps, so 'steps' must have as many texts")
        self.config["count"].value += 1
        base = f"film-{self.config['count'].value}"
        element.tag = "figure"
        element.attrib.update({"class": "film", "data-film": file.stem, "data-seconds": f"{scene.seconds:g}"})
        caption = ET.SubElement(element, "figcaption")
        title = ET.SubElement(caption, "strong", {"class": "film__title", "id": f"{base}-title"})
        title.text = AtomicString(shown.title)
        about = ET.SubElement(caption, "span", {"class": "film__about"})
        # No AtomicString here: the citation in it is Markdown still to be read.
        about.text = f"{shown.about} [{'; '.join(f'@{key}' for key in shown.sources)}]"
        panes = ET.SubElement(element, "div", {"class": "film__scene"})
        for number, pane in enumerate(scene.panes, 1):
            panes.append(_own(pane, f"{base}-{number}"))
        steps = ET.SubElement(element, "ol", {"class": "film__steps"})
        for text, (begin, moment) in zip(shown.steps, scene.steps, strict=True):
            item = ET.SubElement(steps, "li", {"data-from": f"{begin:g}", "data-at": f"{moment:g}"})
            item.text = AtomicString(text)


def _own(pane: ET.Element, base: str) -> ET.Element:
    """A pane for this page: ids of its own, no style, its size and place left to the page."""
    made = deepcopy(pane)
    made.tail = None
    for key in ("x", "y", "width", "height", "data-seconds", "data-steps"):
        made.attrib.pop(key, None)
    made.set("role", "img")
    for element in list(made.iter()):
        for child in [c for c in element if not isinstance(c.tag, str) or c.tag == "style"]:
            element.remove(child)  # a style, or a comment
        words = element.tag in ("title", "desc", "text", "tspan")
        element.text = AtomicString(" ".join(element.text.split())) if words and element.text else None
        element.tail = None
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{base}-{value}")
            elif key in ("aria-labelledby", "aria-describedby"):
                element.set(key, " ".join(f"{base}-{name}" for name in value.split()))
            elif key == "href" and value.startswith("#"):
                element.set(key, f"#{base}-{value[1:]}")
            else:
                element.set(key, _POINTS.sub(rf"url(#{base}-\1)", value))
    return made


class FilmExtension(Extension):
    """Options: ``references`` (file), ``pictures`` (folder)."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "references": ["docs/references.yml", "CSL references"],
            "pictures": ["overrides/assets/pictures", "the folder of the pictures"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        config = {
            "known": loaded(sources.load, self.getConfig("references")),
            "pictures": self.getConfig("pictures"),
            "count": _Count(),
        }
        register(md, _Film, config)


def makeExtension(**kwargs: Any) -> FilmExtension:
    """Entry point of Python-Markdown."""
    return FilmExtension(**kwargs)
