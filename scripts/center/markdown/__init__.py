"""Our Python-Markdown extensions. They raise on what they cannot render: a logged warning passes some engines.

An extension sees no front matter and no true line number (the engines cut front matter off first), so
its message names the key and the text; the validator gives file, line and column. Only same-page links
are written here: links to other pages come from templates.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[3]

T = TypeVar("T")


def data_file(name: str) -> Path:
    """A data file named in mkdocs.yml: as seen from the current folder, else from the repository."""
    return Path(name) if Path(name).is_file() else ROOT / name


def loaded(load: Callable[[Path], T], name: str) -> T:
    """What a data file of mkdocs.yml holds, read again only if it has changed: each page has extensions of its own."""
    file = data_file(name)
    stat = file.stat() if file.is_file() else None
    held: T = _loaded(load, file, stat and (stat.st_mtime_ns, stat.st_size))
    return held


@lru_cache(maxsize=8)
def _loaded(load: Callable[[Path], Any], file: Path, _stamp: tuple[int, int] | None) -> Any:
    return load(file)


def words(given: Any, needed: dict[str, str]) -> dict[str, str]:
    """The words an extension prints, in the language of the pages. Raises ValueError for one that is missing."""
    for name, use in needed.items():
        if not isinstance(given, dict) or not isinstance(given.get(name), str):
            raise ValueError(f"mkdocs.yml must give the word '{name}' ({use}) to this extension")
    return {name: given[name] for name in needed}
