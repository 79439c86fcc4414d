"""The record of figures: each number that pages give to a source, once, and the numbers that pages show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from center import data, film, people, sheet
from center.finding import DataError
from center.markup import Block
from center.page import Page
from center.prose import Prose
from center.sources import CITATION, citation_keys

_FIGURE = r"\d+(?:[.,]\d+)*"
#: A number that stands for itself: one glued to letters, as in a name (B12, 2a, COVID-19), is a part of that name.
_NUMBER = re.compile(rf"(?<![^\W_])(?<![.,])(?<![^\W\d_][-‐‑]){_FIGURE}(?![^\W_])")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What is not read as words: citations, footnote marks, addresses, attribute lists, letters by number.
_UNREAD = re.compile(
    rf"{CITATION.pattern}|\[\^[^\]\s]+\]|\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]\n]*\]"
    r"|\{[^{}\n]*[#.:=][^{}\n]*\}|(?:https?://|www\.)\S+|\S+@\S+|&#?\w+;",
    re.I,
)
#: A cell with a line to write on is filled by the reader.
_BLANK = re.compile(r"_{3,}|\.{4,}|…{2,}")


@dataclass(frozen=True)
class Figure:
    """A number of a source, as pages write it, what it says, and where it is recorded."""

    key: str
    number: str
    says: str
    line: int
    column: int


@dataclass(frozen=True)
class Figures:
    """The record: figures by reference and number, and the place of each reference in it."""

    by_key: Mapping[str, Mapping[str, Figure]]
    places: Mapping[str, tuple[int, int]]

    def holds(self, keys: Collection[str], number: str) -> bool:
        """Whether one of these references has the number."""
        return any(number in self.by_key.get(key, ()) for key in keys)


@dataclass(frozen=True)
class Shown:
    """A number on a page, and the references cited beside it, first those that most likely stand for it.

    ``sound`` is false in a picture that cannot be drawn: what is wrong with that is another finding.
    """

    number: str
    keys: tuple[str, ...]
    line: int
    column: int
    sound: bool = True


def load(path: Path) -> Figures:
    """The record in a YAML file. Raises DataError with the place of the first entry that cannot be used."""
    text, raw = data.read_yaml(path)
    by_key: dict[str, dict[str, Figure]] = {}
    places: dict[str, tuple[int, int]] = {}
    if raw is not None and not isinstance(raw, dict):
        raise DataError(path, 1, "figures must stand below the key of a reference, a line each: '\"29\": what it says'")
    for (key, *below), value, line, column in data.pairs(text):
        if not below:
            if value is not None:
                raise DataError(path, line, f"'{key}' must be followed by lines such as '\"29\": what it says'", column)
            by_key[key], places[key] = {}, (line, column)
            continue
        number = below[0]
        if not re.fullmatch(_FIGURE, number):
            raise DataError(path, line, f"'{number}' must be one number as pages write it, such as 29 or 0.5", column)
        if number in by_key[key]:
            raise DataError(path, line, f"'{number}' stands twice below '{key}'; say both meanings in one line", column)
        if not (value or "").strip():
            raise DataError(path, line, f"'{number}' needs a few words that say what it is", column)
        by_key[key][number] = Figure(key, number, str(value), line, column)
    return Figures(by_key, places)


def numbers(text: str) -> Iterator[tuple[str, int]]:
    """Numbers in a text as they are written, and where each begins; years and parts of names are none."""
    for match in _NUMBER.finditer(_UNREAD.sub(lambda m: " " * len(m.group(0)), text)):
        if not _YEAR.fullmatch(match.group(0)):
            yield match.group(0), match.start()


def _counted(text: str, left_out: Collection[str], base: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    bases = {match.end() for match in base.finditer(text)}
    for number, at in numbers(text):
        if number not in left_out and at + len(number) not in bases:
            yield number, at


def _texts(block: Block) -> Iterator[tuple[str, int]]:
    """Texts of a picture of people or of a film, with their lines. A row's last count is left out: it is the rest."""
    for path, value, line, _ in data.pairs(block.text, block.line + 1):
        if path[0] in ("outcomes", "steps") and isinstance(block.data[path[0]], list):
            yield from ((str(text), line) for text in block.data[path[0]])
        elif path[0] == "groups" and len(path) == 2:
            counts = {str(name): row for name, row in block.data["groups"].items()}.get(path[1])
            yield path[1], line
            yield from ((str(count), line) for count in (counts[:-1] if isinstance(counts, list) else ()))
        elif path[0] not in ("source", "picture"):
            yield value or "", line


def _hints(block: Block) -> Iterator[tuple[str, int]]:
    """Hints of a sheet's fields, with their lines: what its sources are named for."""
    for path, value, line, _ in data.pairs(block.text, block.line + 1):
        if path[0] == "fields" and path[2:] == ("hint",):
            yield value or "", line


def shown(page: Page, prose: Prose, left_out: Collection[str], base: re.Pattern[str]) -> Iterator[Shown]:
    """Numbers that a page gives to sources: those in a paragraph, list item, row, picture or sheet that cites any.

    ``left_out`` are numbers of another sort, such as those to call; ``base`` finds what counts are out of.
    """
    for run in prose.runs:
        cited = [(match.start(), citation_keys(match.group(0))) for match in CITATION.finditer(run.raw)]
        around = [key for match in CITATION.finditer(run.around) for key in citation_keys(match.group(0))]
        if run.kind == "heading" or not (cited or around) or (run.kind == "cell" and _BLANK.search(run.raw)):
            continue
        for number, at in _counted(run.raw, left_out, base):
            after = [key for start, keys in cited if start > at for key in keys]
            before = [key for start, keys in reversed(cited) if start < at for key in keys]
            yield Shown(number, tuple(dict.fromkeys([*after, *before, *around])), *run.place(at))
    for block in page.blocks:
        source = block.data.get("source") if isinstance(block.data, dict) else None
        keys = tuple(part.strip().removeprefix("@") for part in source.split(";")) if isinstance(source, str) else ()
        sound, texts = True, _hints if block.name == "sheet" else _texts
        try:
            {"sheet": sheet.parse, "film": film.parse}.get(block.name, people.parse)(block.data, keys)
        except ValueError:
            sound = False
        for text, line in texts(block) if keys else ():
            for number, _ in _counted(text, left_out, base):
                yield Shown(number, keys, line, 1, sound)
