"""Counts of people out of 100: what a picture of them must state. Pure data, no drawing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

BASE = 100
_KEYS = ("title", "people", "time", "source", "outcomes", "groups")


class PictureError(ValueError):
    """What must be changed in the data of a picture, and the keys that lead there (none if one is missing)."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True)
class Group:
    """One group of people: its name, and how many of 100 had each outcome."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class OutOf100:
    """A comparison on one base and one time span, from named sources."""

    title: str
    people: str
    time: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...]
    groups: tuple[Group, ...]


def _text(data: dict[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, (str, int)) or isinstance(value, bool) or not str(value).strip():
        raise PictureError(f"'{key}' must be a few words", key)
    return str(value).strip()


def parse(data: Any, known: Collection[str], rates: Sequence[str] = ()) -> OutOf100:
    """Check the data of a picture and return it. Raises PictureError that says what must be.

    ``known`` are the keys of the references; ``rates`` are words such as "person-years" that mark a
    rate, which is never people out of 100.
    """
    if not isinstance(data, dict):
        raise PictureError("the block needs lines of 'key: value'")
    for key in data:
        if key not in _KEYS:
            raise PictureError(f"unknown key '{key}'; the keys are {', '.join(_KEYS)}", str(key))
    for key in _KEYS:
        if data.get(key) in (None, "", [], {}):
            raise PictureError(f"'{key}' is missing", key)
    title, people, time = (_text(data, key) for key in ("title", "people", "time"))
    sources = tuple(part.strip().removeprefix("@") for part in _text(data, "source").split(";"))
    for key in sources:
        if key not in known:
            raise PictureError(f"source '{key}' is not in the references", "source")
    outcomes = data["outcomes"]
    if not isinstance(outcomes, list) or not 2 <= len(outcomes) <= 3 or not all(isinstance(o, str) for o in outcomes):
        raise PictureError("'outcomes' must be a list of 2 or 3 short texts; the first is the one counted", "outcomes")
    groups = data["groups"]
    if not isinstance(groups, dict) or not 1 <= len(groups) <= 4:
        raise PictureError("'groups' must be 1 to 4 lines of 'name: [count, count]'", "groups")
    rows = []
    for name, counts in groups.items():
        if not isinstance(counts, list) or len(counts) != len(outcomes):
            raise PictureError(f"group '{name}' needs one count for each outcome", "groups", str(name))
        for count in counts:
            if type(count) is not int or not 0 <= count <= BASE:
                raise PictureError(
                    f"group '{name}': {count!r} must be a whole number of people from 0 to {BASE}", "groups", str(name)
                )
        if sum(counts) != BASE:
            raise PictureError(
                f"group '{name}': the counts must add up to {BASE}, not {sum(counts)}", "groups", str(name)
            )
        rows.append(Group(str(name), tuple(counts)))
    words = " ".join([title, people, time, *outcomes, *(g.name for g in rows)]).lower()
    for rate in rates:
        if rate.lower() in words:
            raise PictureError(f"'{rate}' is a rate over time, never people out of {BASE}: say it in words instead")
    return OutOf100(title, people, time, sources, tuple(outcomes), tuple(rows))
