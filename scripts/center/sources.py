"""The references of a center: CSL data (what Zotero and Pandoc read and write), plus our ``custom`` fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center.data import key_lines, read_yaml
from center.finding import DataError

KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_:.-]*[A-Za-z0-9])?"
#: Anything that was meant as a citation, right or wrong.
CITATION = re.compile(r"\[@[^\]\n]{0,1000}\]|\[@[^\]]{0,200}\]")
_RIGHT = re.compile(rf"\[@{KEY}(?:\s*;\s*@{KEY})*\]")

#: How a source was seen. ``read`` in full; ``verified`` on a page or in a summary; ``known``: not seen.
CONFIDENCE = ("read", "verified", "known")
_CUSTOM = {
    "kind",
    "supports",
    "confidence",
    "checked",
    "more-authors",
    "citation-note",
    "year-note",
    "author-note",
    "background",
}


@dataclass(frozen=True)
class Reference:
    """One source. ``csl`` is its CSL item; ``line`` where it stands in the file."""

    key: str
    csl: Mapping[str, Any]
    line: int

    @property
    def custom(self) -> Mapping[str, Any]:
        """Our own fields."""
        value: Mapping[str, Any] = self.csl["custom"]
        return value

    @property
    def kind(self) -> str:
        """Guideline, trial, cohort and so on, as the data says."""
        return str(self.custom["kind"])

    @property
    def confidence(self) -> str:
        """One of CONFIDENCE."""
        return str(self.custom["confidence"])

    @property
    def background(self) -> bool:
        """True for a source that no page cites: it is kept because the work rests on it."""
        return bool(self.custom.get("background", False))

    @property
    def url(self) -> str:
        """Where the reader finds it: the DOI's address, else the URL, else ""."""
        doi = self.csl.get("DOI")
        return f"https://doi.org/{doi}" if doi else str(self.csl.get("URL", ""))


class References(Mapping[str, Reference]):
    """Every reference of a center by key, in the order of the file."""

    def __init__(self, items: Mapping[str, Reference]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Reference:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def citation_keys(text: str) -> tuple[str, ...]:
    """Keys of a citation as written, ``[@a]`` or ``[@a; @b]``; empty if it is not well formed."""
    if not _RIGHT.fullmatch(text):
        return ()
    return tuple(part.strip().removeprefix("@") for part in text[1:-1].split(";"))


def load(path: Path) -> References:
    """References of a YAML file. Raises DataError with the line of the first entry that cannot be used."""
    text, data = read_yaml(path)
    if not isinstance(data, list):
        raise DataError(path, 1, "references must be a YAML list, each item beginning '- id: '")
    lines = key_lines(text)
    items: dict[str, Reference] = {}
    for number, entry in enumerate(data, 1):
        key = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(key, str) or not re.fullmatch(KEY, key):
            raise DataError(path, 1, f"reference number {number} needs an 'id' of letters, digits and hyphens")
        line = lines.get(key, 1)
        if key in items:
            raise DataError(path, line, f"reference '{key}' stands twice")
        for name in ("type", "title"):
            if not isinstance(entry.get(name), str):
                raise DataError(path, line, f"reference '{key}' needs a '{name}'")
        custom = entry.get("custom")
        if not isinstance(custom, dict) or not isinstance(custom.get("kind"), str):
            raise DataError(path, line, f"reference '{key}' needs 'custom' with 'kind' and 'confidence'")
        if custom.get("confidence") not in CONFIDENCE:
            raise DataError(path, line, f"reference '{key}': 'confidence' must be one of {', '.join(CONFIDENCE)}")
        unknown = sorted(map(str, set(custom) - _CUSTOM))
        if unknown:
            raise DataError(path, line, f"reference '{key}': unknown custom field '{unknown[0]}'")
        if custom["confidence"] == "verified" and not isinstance(custom.get("checked"), str):
            raise DataError(path, line, f"reference '{key}': say under 'checked' where it was seen")
        authors = entry.get("author", [])
        if not isinstance(authors, list) or not all(
            isinstance(a, dict) and (isinstance(a.get("literal"), str) or isinstance(a.get("family"), str))
            for a in authors
        ):
            given = "a list of '- family: ...' or '- literal: An organization'"
            raise DataError(path, line, f"reference '{key}': 'author' must be {given}")
        if not isinstance(custom.get("background", True), bool):
            raise DataError(path, line, f"reference '{key}': 'background' must be true or false")
        for name in ("issued", "accessed"):
            if name in entry and not (isinstance(entry[name], dict) and "date-parts" in entry[name]):
                raise DataError(path, line, f"reference '{key}': '{name}' must hold 'date-parts', not a bare date")
        items[key] = Reference(key, entry, line)
    return References(items)
