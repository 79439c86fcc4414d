"""CC8xx: the files of pictures. An SVG says what it shows, and holds all of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from center.center import Center
from center.finding import rule
from center.svg import Element, Picture

Where = tuple[str, int, int, str]
#: What a phone with a weak signal can load. An SVG is drawn by hand; a photograph is not.
_VECTOR, _RASTER = 40 * 1024, 200 * 1024
#: What names something else in a style: an address, or another sheet of styles.
_NAMED = re.compile(r"url\(\s*[\"']?\s*([^\"')\s]*)|@import\s+[\"']?([^\"';\s]+)", re.I)
_NAMING = ("href", "src", "data")


def _drawn(center: Center) -> Iterator[tuple[Picture, Element]]:
    """Every SVG that can be read, and its root."""
    for picture in center.pictures:
        if picture.elements:
            yield picture, picture.elements[0]


def _told(picture: Picture, element: Element, message: str) -> Where:
    return picture.path, element.line, element.column, message


@rule("CC801", reads="center")
def svg_readable(center: Center) -> Iterator[Where]:
    """An SVG is valid XML, without a document type, entities or instructions.

    A browser shows a broken one as nothing at all, and a document type can pull in other files. Save it anew as
    "plain SVG", or take out the line that the message names.

    Bad: ``<!DOCTYPE svg ...>``. Good: ``<svg xmlns="http://www.w3.org/2000/svg" ...>`` first of all.
    """
    for picture in center.pictures:
        if picture.problem:
            yield picture.path, picture.problem.line, picture.problem.column, picture.problem.message


@rule("CC802", reads="center")
def svg_described(center: Center) -> Iterator[Where]:
    """An SVG has a title and a description, and is named by both.

    Opened alone or read aloud, the picture must still say what it shows. Give it ``<title id="t">`` and
    ``<desc id="d">`` with words, and ``aria-labelledby="t d"`` on ``<svg>``.

    Bad: an SVG of shapes alone. Good: ``<svg aria-labelledby="t d"><title id="t">A line</title><desc id="d">...``.
    """
    for picture, root in _drawn(center):
        named = root.attributes.get("aria-labelledby", "").split()
        for name in ("title", "desc"):
            own = next((e for e in picture.elements if e.name == name and e.depth == 1), None)
            if own is None or not own.text.strip():
                where = own or root
                yield _told(picture, where, f"this picture must have a <{name}> with words")
            elif own.attributes.get("id") not in named:
                yield _told(picture, own, f"this <{name}> must have an id, and aria-labelledby on <svg> must name it")


@rule("CC803", reads="center")
def svg_view_box(center: Center) -> Iterator[Where]:
    """An SVG has a view box.

    Without one the picture cannot shrink to a phone or grow with the text, and is cut off instead.

    Bad: ``<svg width="360" height="420">``. Good: ``<svg viewBox="0 0 360 420">``.
    """
    for picture, root in _drawn(center):
        if len(re.findall(r"-?[\d.]+", root.attributes.get("viewBox", ""))) != 4:
            yield _told(picture, root, "<svg> must have a viewBox of four numbers")


@rule("CC804", reads="center")
def svg_raster(center: Center) -> Iterator[Where]:
    """An SVG holds no raster picture.

    Words in it could not be read aloud, found or made larger, and a photograph may show who it is of.

    Bad: ``<image href="scan.png">`` in an SVG. Good: shapes and ``<text>``.
    """
    for picture in center.pictures:
        for element in picture.elements:
            if element.name in ("image", "feImage"):
                yield _told(picture, element, f"<{element.name}> must be drawn as shapes and text")


@rule("CC805", reads="center")
def svg_script(center: Center) -> Iterator[Where]:
    """An SVG runs nothing.

    A script in a picture acts for the reader unseen. Take it out; a picture needs none.

    Bad: ``<script>``, ``onload="..."``. Good: shapes and ``<text>``.
    """
    for picture in center.pictures:
        for element in picture.elements:
            runs = [f"<{element.name}>"] if element.name in ("script", "foreignObject", "handler") else []
            runs += [name for name in element.attributes if name.lower().startswith("on")]
            runs += [v for v in element.attributes.values() if v.strip().lower().startswith("javascript:")]
            for what in runs[:1]:
                yield _told(picture, element, f"take out {what}: a picture must run nothing")


@rule("CC806", reads="center")
def svg_alone(center: Center) -> Iterator[Where]:
    """An SVG names no other file and no other host, for a font neither.

    What is elsewhere is missing in the offline copy, and another host would learn who looks at which page.

    Bad: ``@import url(https://...)``, ``<use href="other.svg#a">``. Good: ``<use href="#a">``, fonts of the device.
    """
    for picture in center.pictures:
        for element in picture.elements:
            if element.name in ("image", "feImage"):
                continue  # another rule's finding
            named = [element.attributes[name] for name in _NAMING if name in element.attributes]
            texts = [*element.attributes.values(), *([element.text] if element.name == "style" else [])]
            named += [address or sheet for text in texts for address, sheet in _NAMED.findall(text)]
            for target in named:
                if not target.strip().lower().startswith(("#", "javascript:")):
                    yield _told(picture, element, f"'{target[:60]}' must be in the picture itself: '#...'")


@rule("CC807", reads="center")
def svg_size(center: Center) -> Iterator[Where]:
    """An SVG has at most 40 KB.

    More is a drawing program's own data, or detail that nobody sees on a phone. Save it as "plain SVG", with
    fewer points and fewer decimals.

    Bad: 400 KB. Good: 4 KB.
    """
    for picture in center.pictures:
        if picture.vector and picture.size > _VECTOR:
            yield (
                picture.path,
                1,
                1,
                f"this picture must have at most {_VECTOR // 1024} KB, not {-(-picture.size // 1024)}",
            )


@rule("CC808", reads="center")
def raster_size(center: Center) -> Iterator[Where]:
    """A raster picture has at most 200 KB.

    On a weak signal a larger one comes too late, or costs the reader money. Make it smaller, or draw it as SVG.

    Bad: a photograph as the camera saved it. Good: one as wide as the page, compressed.
    """
    for picture in center.pictures:
        if not picture.vector and picture.size > _RASTER:
            yield (
                picture.path,
                1,
                1,
                f"this picture must have at most {_RASTER // 1024} KB, not {-(-picture.size // 1024)}",
            )
