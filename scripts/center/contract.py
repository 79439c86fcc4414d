"""What each kind of page must hold, as data: ``contracts/*.toml``, matched by heading id."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from center.finding import DataError

FOLDER = Path(__file__).parent / "contracts"


@dataclass(frozen=True)
class Section:
    """A section a page kind asks for. ``items`` is how many list items it must hold at least and at most."""

    id: str
    required: bool = True
    items: tuple[int, int] | None = None


@dataclass(frozen=True)
class Contract:
    """One page kind. ``free_after`` is the id after which free sections may stand ("" for none, "*" anywhere).

    ``next_check`` is the number of months after which a new page is due to be checked again.
    """

    kind: str
    summary: str
    sections: tuple[Section, ...]
    free_after: str
    cited: bool
    words: tuple[int, int] | None
    next_check: int = 12


def _pair(value: object, path: Path, name: str) -> tuple[int, int] | None:
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value) and value[0] <= value[1]:
        return value[0], value[1]
    raise DataError(path, 1, f"'{name}' must be two whole numbers, the least and the most")


def read(path: Path) -> Contract:
    """The contract in a TOML file. Raises DataError for anything missing, misspelled or of the wrong type."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataError(path, 1, f"valid TOML is needed here: {error}") from error
    unknown = set(raw) - {"kind", "summary", "free_after", "cited", "words", "next_check", "section"}
    if unknown:
        raise DataError(path, 1, f"unknown key '{sorted(unknown)[0]}'")
    for name, kind in (("kind", str), ("summary", str), ("free_after", str), ("cited", bool)):
        if not isinstance(raw.get(name), kind):
            raise DataError(path, 1, f"'{name}' must be given as a {kind.__name__}")
    if raw["kind"] != path.stem:
        raise DataError(path, 1, f"'kind' must be '{path.stem}', the name of the file")
    sections = []
    given = raw.get("section", [])
    for item in given if isinstance(given, list) else [given]:
        if not isinstance(item, dict) or set(item) - {"id", "required", "items"} or not isinstance(item.get("id"), str):
            raise DataError(path, 1, "each section has an 'id', and may have 'required' and 'items'")
        if not isinstance(item.get("required", True), bool):
            raise DataError(path, 1, f"section '{item['id']}': 'required' must be true or false")
        sections.append(Section(item["id"], item.get("required", True), _pair(item.get("items"), path, "items")))
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
    return Contract(raw["kind"], raw["summary"], tuple(sections), raw["free_after"], raw["cited"], words, months)


@cache
def load(folder: Path = FOLDER) -> Mapping[str, Contract]:
    """Every contract of a folder, by kind."""
    return {c.kind: c for c in map(read, sorted(folder.glob("*.toml")))}
