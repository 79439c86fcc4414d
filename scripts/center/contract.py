"""What each kind of page must hold, as data: ``contracts/*.toml``, matched by heading id, and ``reading.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from center.finding import DataError

FOLDER = Path(__file__).parent / "contracts"
LIMITS = Path(__file__).parent / "reading.toml"


@dataclass(frozen=True)
class Limits:
    """The most that a page may reach in each reading figure; see ``reading.toml``."""

    grade: float
    smog: float
    sentence_words: float
    long_sentence: int
    long_sentences: float
    paragraph_sentences: int
    paragraph_words: int


@dataclass(frozen=True)
class Section:
    """A section a page kind asks for.

    ``items`` is how many list items it must hold at least and at most, ``item_words`` how long each may be;
    ``questions`` says that its items are questions, which the page of all questions repeats.
    """

    id: str
    required: bool = True
    items: tuple[int, int] | None = None
    item_words: int | None = None
    questions: bool = False


@dataclass(frozen=True)
class Contract:
    """One page kind. ``free_after`` is the id after which free sections may stand ("" for none, "*" anywhere).

    ``reading`` are the limits of its reading figures, None for a kind that is not held to any. ``next_check`` is the
    number of months after which a new page is due to be checked again.
    """

    kind: str
    summary: str
    sections: tuple[Section, ...]
    free_after: str
    cited: bool
    words: tuple[int, int] | None
    reading: Limits | None = None
    next_check: int = 12


def _pair(value: object, path: Path, name: str) -> tuple[int, int] | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value) and value[0] <= value[1]:
        return value[0], value[1]
    raise DataError(path, 1, f"'{name}' must be two whole numbers, the least and the most")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataError(path, 1, f"valid TOML is needed here: {error}") from error


@cache
def limits(path: Path = LIMITS) -> Limits:
    """The reading limits in a TOML file, the same for every kind of page that is held to them."""
    raw = _toml(path)
    wanted = list(Limits.__annotations__)
    if set(raw) != set(wanted) or not all(type(value) in (int, float) and value > 0 for value in raw.values()):
        raise DataError(path, 1, f"the file must give exactly {', '.join(wanted)}, each a number above 0")
    return Limits(**raw)


def read(path: Path) -> Contract:
    """The contract in a TOML file. Raises DataError for anything missing, misspelled or of the wrong type."""
    raw = _toml(path)
    unknown = set(raw) - {"kind", "summary", "free_after", "cited", "reading", "words", "next_check", "section"}
    if unknown:
        raise DataError(path, 1, f"unknown key '{sorted(unknown)[0]}'")
    for name, kind in (("kind", str), ("summary", str), ("free_after", str), ("cited", bool), ("reading", bool)):
        if not isinstance(raw.get(name), kind):
            raise DataError(path, 1, f"'{name}' must be given as a {kind.__name__}")
    if raw["kind"] != path.stem:
        raise DataError(path, 1, f"'kind' must be '{path.stem}', the name of the file")
    sections = []
    given = raw.get("section", [])
    for item in given if isinstance(given, list) else [given]:
        known = {"id", "required", "items", "item_words", "questions"}
        if not isinstance(item, dict) or set(item) - known or not isinstance(item.get("id"), str):
            raise DataError(path, 1, f"each section has an 'id', and may have {', '.join(sorted(known - {'id'}))}")
        for name, usual in (("required", True), ("questions", False)):
            if not isinstance(item.get(name, usual), bool):
                raise DataError(path, 1, f"section '{item['id']}': '{name}' must be true or false")
        item_words = item.get("item_words")
        if item_words is not None and (type(item_words) is not int or item_words < 1):
            raise DataError(path, 1, f"section '{item['id']}': 'item_words' must be a whole number above 0")
        items = _pair(item.get("items"), path, "items")
        sections.append(
            Section(item["id"], item.get("required", True), items, item_words, item.get("questions", False))
        )
    ids = [s.id for s in sections]
    if len(set(ids)) != len(ids):
        raise DataError(path, 1, "a section id stands twice")
    if raw["free_after"] not in ("", "*", *ids):
        raise DataError(
            path, 1, f"'free_after' must be one of the section ids, \"\" or \"*\", not '{raw['free_after']}'"
        )
    months = raw.get("next_check", 12)
    if type(months) is not int or months < 1:
        raise DataError(path, 1, "'next_check' must be a whole number of months")
    words = _pair(raw.get("words"), path, "words")
    reading = limits() if raw["reading"] else None
    return Contract(
        raw["kind"], raw["summary"], tuple(sections), raw["free_after"], raw["cited"], words, reading, months
    )


@cache
def load(folder: Path = FOLDER) -> Mapping[str, Contract]:
    """Every contract of a folder, by kind."""
    return {c.kind: c for c in map(read, sorted(folder.glob("*.toml")))}
