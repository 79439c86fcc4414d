"""Gaps: marked places, ``[[what belongs here]]``, that a new page is laid out with and an editor fills."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from center.data import Places, scalars

#: A gap as it is read: ``[[1]](notes.md)`` is none, because Markdown takes its inner brackets for a link.
GAP = re.compile(r"\[\[[^\[\]]+\]\]")


def mark(hint: str) -> str:
    """A gap that says what belongs in its place."""
    return f"[[{hint}]]"


def in_yaml(text: str, first_line: int = 1) -> Iterator[tuple[str, int, int]]:
    """Gaps in the texts of YAML that begins at ``first_line``, with line and column; a list in a list is none.

    YAML that cannot be read has no gaps: that it cannot is another finding.
    """
    if "[[" not in text:
        return
    try:
        spans = sorted(set(scalars(text)))
    except yaml.YAMLError:
        return
    places = Places(text)
    for start, end in spans:
        for match in GAP.finditer(text, start, end):
            line, column = places(match.start())
            yield match.group(0), first_line + line - 1, column
