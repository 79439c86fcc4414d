"""What mkdocs.yml says of the pages: which the menu names, and what syntax is turned on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from center.data import listed, parse_yaml, read_text
from center.finding import DataError

FILE = "mkdocs.yml"
_INDEX = ("index.md", "README.md")
#: A YAML tag such as ``!ENV`` or ``!!python/name:...``, which only MkDocs understands.
_TAG = re.compile(r"(?<=[\s\[{,])!{1,2}[A-Za-z][\w/:.-]*")


@dataclass(frozen=True)
class Way:
    """A path of pages that a door of the start page opens, as written under ``extra.paths``, and where it stands."""

    name: str
    pages: tuple[str, ...]
    whole: bool
    line: int
    column: int


@dataclass(frozen=True)
class Nav:
    """``pages`` of the menu; ``first`` those it shows on every page; ``extensions`` turned on; ``ways``."""

    pages: frozenset[PurePosixPath]
    first: frozenset[PurePosixPath]
    extensions: frozenset[str]
    ways: tuple[Way, ...] = ()


def plain(text: str) -> str:
    """The text of the file without those tags, each line in its place."""
    return _TAG.sub("", text)


def _targets(item: Any) -> Iterator[PurePosixPath]:
    if isinstance(item, str):
        yield PurePosixPath(item)
    for part in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
        yield from _targets(part)


def _index(section: list[Any]) -> Iterator[PurePosixPath]:
    """The page that a section's own name leads to."""
    for item in section:
        for target in _targets(item) if not isinstance(item, list) else ():
            if target.name in _INDEX:
                yield target
                return


def _first(nav: list[Any]) -> Iterator[PurePosixPath]:
    for item in nav:
        for part in item.values() if isinstance(item, dict) else [item]:
            yield from _index(part) if isinstance(part, list) else _targets(part)


def _way(entry: Any, line: int, column: int) -> Way:
    given = entry if isinstance(entry, dict) else {}
    steps = given.get("steps")
    steps = steps if isinstance(steps, list) else []
    named = [step for step in steps if isinstance(step, dict) and all(step.get(key) for key in ("page", "name"))]
    whole = bool(given.get("name")) and len(named) == len(steps) >= 2
    return Way(str(given.get("name", "")), tuple(str(step["page"]) for step in named), whole, line, column)


def read(root: Path, docs: str) -> Nav | None:
    """The menu of the pages in ``docs``; None if there is no mkdocs.yml, or it names no menu or another folder."""
    file = root / FILE
    if not file.is_file():
        return None
    text = plain(read_text(file))
    data = parse_yaml(text, FILE)
    if not isinstance(data, dict):
        raise DataError(FILE, 1, "this file must be lines of 'key: value'")
    nav, extensions = data.get("nav"), data.get("markdown_extensions") or []
    if not isinstance(nav, list) or str(PurePosixPath(str(data.get("docs_dir", "docs")))) != str(PurePosixPath(docs)):
        return None
    names = [name for item in extensions for name in (item if isinstance(item, dict) else [item])]
    ways = tuple(_way(*entry) for entry in listed(text, "extra", "paths"))
    return Nav(frozenset(_targets(nav)), frozenset(_first(nav)), frozenset(map(str, names)), ways)
