"""Our Python-Markdown extensions. They raise on what they cannot render: a logged warning passes some engines.

An extension sees no front matter and no true line number (the engines cut front matter off first), so
its message names the key and the text; the validator gives file, line and column. Only same-page links
are written here: links to other pages come from templates.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def data_file(name: str) -> Path:
    """A data file named in mkdocs.yml: as seen from the current folder, else from the repository."""
    return Path(name) if Path(name).is_file() else ROOT / name


def words(given: Any, needed: dict[str, str]) -> dict[str, str]:
    """The words an extension prints, in the language of the pages. Raises ValueError for one that is missing."""
    for name, use in needed.items():
        if not isinstance(given, dict) or not isinstance(given.get(name), str):
            raise ValueError(f"mkdocs.yml must give the word '{name}' ({use}) to this extension")
    return {name: given[name] for name in needed}
