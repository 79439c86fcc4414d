"""The list of all questions: a list item with its reason in italics, and an id below it. Pure data, no drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from center import data

#: A question with its reason, and the line of attributes below it.
_ITEM = re.compile(
    r"- (?P<words>\S[^\n]*?) +\*(?!\*)[^\n]*(?<!\*)\*[ \t]*(?:\n[ \t]+\{:(?P<attributes>[^\n}]*)\})?", re.M
)
_ID = re.compile(r"(?<!\S)#(\S+)")


@dataclass(frozen=True)
class Question:
    """A question as it is printed, the id that readers' lists hang on (if it has one), and its line."""

    words: str
    id: str | None
    line: int


def parse(text: str) -> Iterator[Question]:
    """The questions of a page, in order."""
    for match in re.finditer(rf"^{_ITEM.pattern}", text, re.M):
        found = _ID.search(match["attributes"] or "")
        yield Question(
            " ".join(match["words"].replace("*", "").split()),
            found and found[1],
            text.count("\n", 0, match.start()) + 1,
        )


def load(path: Path) -> dict[str, str]:
    """Ids of the questions in a file, by their words. Raises DataError if it cannot be read."""
    return {question.words: question.id for question in parse(data.read_text(path)) if question.id}
