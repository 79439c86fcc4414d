"""What mkdocs.yml gives the templates under ``extra``: words that every page prints, with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from center import nav
from center.data import pairs, read_text
from center.finding import DataError


@dataclass(frozen=True)
class Text:
    """A text and where its key stands."""

    value: str
    line: int
    column: int


def read(root: Path) -> Mapping[str, Text]:
    """Texts by the name that a template uses, such as "words.search"; a file that cannot be read is another finding."""
    try:
        text = nav.plain(read_text(root / nav.FILE))
    except DataError:
        return {}
    return {
        ".".join(path[1:]): Text(value, line, column)
        for path, value, line, column in pairs(text)
        if path[0] == "extra" and value is not None
    }
