"""Facts about the pictures of a center: what stands in an SVG, and how large each file is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from center.finding import DataError

NAMESPACE = "http://www.w3.org/2000/svg"
RASTER = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff"}


@dataclass
class Element:
    """An element: its name and attributes without prefixes, how deep it stands (the root at 0), its own text."""

    name: str
    attributes: Mapping[str, str]
    depth: int
    line: int
    column: int
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture's file: its size in bytes; for an SVG its elements in order, the root first, or what is wrong."""

    path: str
    size: int
    vector: bool
    elements: tuple[Element, ...] = field(default=(), repr=False)
    problem: DataError | None = None


class _Reader:
    """Gathers the elements of an SVG. A document type is refused, and with it every entity."""

    def __init__(self, path: str) -> None:
        self.path, self.elements, self.open = path, list[Element](), list[Element]()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda name: self.open.pop()
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.open and name != f"{NAMESPACE} svg":
            raise self._refused(f'the first element must be <svg xmlns="{NAMESPACE}">')
        bare = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.elements.append(Element(name.rpartition(" ")[2], bare, len(self.open), line, column))
        self.open.append(self.elements[-1])

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _doctype(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise DataError(self.path, line, "take out the <!DOCTYPE ...>: no browser needs it")

    def _instruction(self, target: str, _: str) -> None:
        raise self._refused(f"take out <?{target} ...?>: it may fetch another file")

    def _refused(self, message: str) -> DataError:
        return DataError(self.path, self.parser.CurrentLineNumber, message, self.parser.CurrentColumnNumber + 1)


def parse(content: bytes, path: str) -> Picture:
    """Facts of an SVG's bytes; what cannot be read as one is a picture with that problem."""
    reader = _Reader(path)
    try:
        reader.parser.Parse(content, True)
    except DataError as error:
        return Picture(path, len(content), True, (), error)
    except expat.ExpatError as error:
        what = f"valid XML is needed here: {expat.ErrorString(error.code)}"
        said = DataError(path, error.lineno, what, error.offset + 1)
        return Picture(path, len(content), True, (), said)
    return Picture(path, len(content), True, tuple(reader.elements))


def read(folders: Iterable[tuple[Path, str]]) -> tuple[Picture, ...]:
    """Pictures of folders, each given with the name to print. Hidden folders hold icons that templates draw."""
    found: dict[str, Picture] = {}
    for folder, shown in folders:
        for file in sorted(folder.rglob("*")):
            inside = PurePosixPath(file.relative_to(folder).as_posix())
            path = (PurePosixPath(shown) / inside).as_posix()
            suffix = file.suffix.lower()
            hidden = any(part[0] == "." for part in inside.parts)
            if path in found or hidden or suffix not in {".svg", *RASTER} or not file.is_file():
                continue
            try:
                if suffix == ".svg":
                    found[path] = parse(file.read_bytes(), path)
                else:
                    found[path] = Picture(path, file.stat().st_size, vector=False)
            except OSError as error:
                said = DataError(path, 1, f"this file must be readable: {error.strerror}")
                found[path] = Picture(path, 0, True, (), said)
    return tuple(found.values())
