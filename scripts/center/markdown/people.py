"""``/// out-of-100``: counts of people out of 100 as a picture, drawn as inline SVG with a text alternative."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.util import AtomicString

from center import people, sources
from center.markdown import loaded, words
from center.markdown.block import DataBlock, register

_WORDS = {
    "of": "a count, with {count}, {base} and {outcome}",
    "among": "who the picture is about, with {people} and {time}",
}
_COLUMNS, _CELL, _PAD = 10, 12, 2
# A person in a cell of 12: a head and a rounded body.
_HEAD = {"cx": "6", "cy": "3", "r": "2.1"}
_BODY = "M2.6 11V8.6a3.4 3.4 0 0 1 6.8 0V11z"


class _Count:
    """Numbers the pictures of a page, so that ids are unique."""

    def __init__(self) -> None:
        self.value = 0


class _OutOf100(DataBlock):
    NAME = "out-of-100"

    def build(self, data: Any, element: ET.Element) -> None:
        picture = people.parse(data, self.config["known"], self.config["rates"])
        self.config["count"].value += 1
        base = f"people-{self.config['count'].value}"
        element.tag = "figure"
        element.set("class", "people")
        caption = ET.SubElement(element, "figcaption")
        title = ET.SubElement(caption, "strong", {"class": "people__title"})
        title.text = AtomicString(picture.title)
        about = ET.SubElement(caption, "span", {"class": "people__about"})
        # No AtomicString here: the citation in it is Markdown still to be read.
        cited = "; ".join(f"@{key}" for key in picture.sources)
        about.text = self.config["words"]["among"].format(people=picture.people, time=picture.time) + f" [{cited}]"
        groups = ET.SubElement(element, "div", {"class": "people__groups"})
        for number, group in enumerate(picture.groups, 1):
            self._group(groups, picture, group, f"{base}-{number}")

    def _group(self, parent: ET.Element, picture: people.OutOf100, group: people.Group, id_: str) -> None:
        box = ET.SubElement(parent, "div", {"class": "people__group"})
        name = ET.SubElement(box, "p", {"class": "people__name"})
        name.text = AtomicString(group.name)
        said = [
            self.config["words"]["of"].format(count=count, base=people.BASE, outcome=outcome)
            for count, outcome in zip(group.counts, picture.outcomes, strict=True)
        ]
        box.append(_draw(group, f"{picture.title}: {group.name}", "; ".join(said), id_))
        key = ET.SubElement(box, "ul", {"class": "people__key"})
        for place, text in enumerate(said):
            item = ET.SubElement(key, "li", {"class": f"people__{place}"})
            mark = ET.SubElement(
                item, "svg", {"viewBox": f"0 0 {_CELL} {_CELL}", "aria-hidden": "true", "class": "people__mark"}
            )
            _person(mark, place, 0, 0)
            span = ET.SubElement(item, "span")
            span.text = AtomicString(text)


def _person(parent: ET.Element, place: int, x: int, y: int) -> None:
    group = ET.SubElement(parent, "g", {"class": f"person person--{place}", "transform": f"translate({x} {y})"})
    ET.SubElement(group, "circle", _HEAD)
    ET.SubElement(group, "path", {"d": _BODY})


def _draw(group: people.Group, title: str, text: str, id_: str) -> ET.Element:
    side = _COLUMNS * _CELL + 2 * _PAD
    svg = ET.Element(
        "svg",
        {
            "viewBox": f"0 0 {side} {side}",
            "role": "img",
            "aria-labelledby": f"{id_}-t {id_}-d",
            "class": "people__grid",
        },
    )
    for tag, end, content in (("title", "t", title), ("desc", "d", text)):
        part = ET.SubElement(svg, tag, {"id": f"{id_}-{end}"})
        part.text = AtomicString(content)
    cells = [place for place, count in enumerate(group.counts) for _ in range(count)]
    for number, place in enumerate(cells):
        row, column = divmod(number, _COLUMNS)
        _person(svg, place, _PAD + column * _CELL, _PAD + row * _CELL)
    return svg


class PeopleExtension(Extension):
    """Options: ``references`` (file), ``rates`` (words that mark a rate over time), ``words``."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "references": ["docs/references.yml", "CSL references"],
            "rates": [[], "words that mark a rate, such as person-years"],
            "words": [{}, "printed words"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        config = {
            "known": loaded(sources.load, self.getConfig("references")),
            "rates": self.getConfig("rates"),
            "words": words(self.getConfig("words"), _WORDS),
            "count": _Count(),
        }
        register(md, _OutOf100, config)


def makeExtension(**kwargs: Any) -> PeopleExtension:
    """Entry point of Python-Markdown."""
    return PeopleExtension(**kwargs)
