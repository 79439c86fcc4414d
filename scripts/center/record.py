"""The front matter of a page as a typed record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from center.data import key_lines, parse_yaml
from center.finding import DataError

FENCE = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)

#: The keys a page gives, with the type of each. No other key is known.
KEYS: dict[str, type] = {
    "title": str,
    "description": str,
    "kind": str,
    "checked": date,
    "next_check": date,
    "reviewers": list,
}


@dataclass(frozen=True)
class Record:
    """What a page says about itself, as written; ``lines`` holds the line of each key."""

    values: dict[str, Any]
    lines: dict[str, int]

    def get(self, key: str) -> Any:
        """The value of ``key`` if it has the right type, else None."""
        value = self.values.get(key)
        wanted = KEYS.get(key)
        return value if wanted and type(value) is wanted else None

    def line(self, key: str) -> int:
        """The line of ``key``, or 1."""
        return self.lines.get(key, 1)


def split(text: str) -> tuple[str | None, str, int]:
    """Front matter (None if there is none), body, and the line on which the body begins."""
    match = FENCE.match(text)
    if not match:
        return None, text, 1
    return match["yaml"], text[match.end() :], text[: match.end()].count("\n") + 1


def parse(yaml_text: str, path: Path | str) -> Record:
    """Front matter text as a record. Raises DataError if it is not a YAML mapping."""
    data = parse_yaml(yaml_text, path, first_line=2)
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise DataError(path, 1, "front matter must be lines of 'key: value'")
    return Record(data, key_lines(yaml_text, first_line=2))
