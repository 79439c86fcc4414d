"""A sheet that a reader fills in: what its data must state. Pure data, no drawing.

A sheet is one record (a plan), or one that is filled in again and again (a diary): then ``entries`` says how many
columns it has on paper, and a script turns it into a form and a list.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

_KEYS = ("id", "title", "entries", "entry", "list", "script", "source", "calendar", "fields")
_FIELD = ("label", "part", "hint", "kind", "choices", "many", "now", "today", "number", "line", "from")
#: What a line names: the sheet it stands on, and its fields for the most, a gain within days, and what to do.
_LINE = ("sheet", "most", "gain", "days", "do")
#: What a field may be. ``words`` is a line, ``text`` several; a field with ``choices`` or ``number`` needs no kind.
KINDS = ("words", "text", "date", "time", "phone")
#: Ids stand in what readers keep for years, so they are plain and never change.
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
#: Columns, and lines of a list, that can be written in on an upright sheet of paper.
MOST_ENTRIES, MOST_LINES = 8, 30
#: Weeks that a calendar may remind before the day.
MOST_WEEKS = 12


class SheetError(ValueError):
    """What must be changed in the data of a sheet, and the keys that lead there (none if one is missing)."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True)
class Choice:
    """One answer to choose. ``sign`` is "now" where it means the emergency number, "today" for a call the same day."""

    id: str
    label: str
    sign: str = ""


@dataclass(frozen=True)
class Field:
    """One thing to fill in.

    ``kind`` is one of KINDS, "choice", "many" or "number"; ``limits`` are the least and the most for each unit, which
    no value can lie outside of: they catch a slip of the finger, and judge nothing. ``line`` names the reader's own
    line for it on another sheet, and ``shows`` a sheet that it shows something of, or "questions".
    """

    id: str
    label: str
    kind: str
    part: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    limits: tuple[tuple[str, float, float], ...] = ()
    line: tuple[tuple[str, str], ...] = ()
    shows: str = ""


@dataclass(frozen=True)
class Calendar:
    """A day for the reader's calendar: ``months`` after ``start``, both fields, with a reminder ``weeks`` before."""

    start: str
    months: str
    weeks: int


@dataclass(frozen=True)
class Sheet:
    """A sheet with its fields in order. ``entries`` is 0 for a single record; ``entry`` names one of many.

    On paper an entry is a column, or, in a ``list``, a line. ``script`` names what it is filled in for where that is of
    no use on paper or without a script: it is hidden until a script shows it, and never printed.
    """

    id: str
    title: str
    entries: int
    entry: str
    list: bool
    script: str
    sources: tuple[str, ...]
    fields: tuple[Field, ...]
    calendar: Calendar | None = None

    @property
    def parts(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """Fields by the part that they stand in; a field without one stands in the part before it."""
        found: list[tuple[str, list[Field]]] = []
        for field in self.fields:
            if field.part or not found:
                found.append((field.part, []))
            found[-1][1].append(field)
        return tuple((name, tuple(fields)) for name, fields in found)


def _words(data: dict[Any, Any], key: str, *above: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SheetError(f"'{key}' must be a few words", *above, *((key,) if key in data else ()))
    return " ".join(value.split())


def _id(value: Any, *keys: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise SheetError(
            f"'{value}' must be small letters, digits and hyphens, at most 40: what readers keep hangs on it", *keys
        )
    return value


def _only(data: dict[Any, Any], known: tuple[str, ...], *above: str) -> None:
    for key in data:
        if key not in known:
            raise SheetError(f"unknown key '{key}'; the keys are {', '.join(known)}", *above, str(key))


def _choices(data: dict[str, Any], *above: str) -> tuple[Choice, ...]:
    raw = data["choices"]
    if not isinstance(raw, dict) or len(raw) < 2:
        raise SheetError("'choices' must be 2 or more lines of 'id: words'", *above, "choices")
    for id_ in raw:
        _id(id_, *above, "choices", str(id_))
    signs = dict[str, str]()
    for sign in ("today", "now"):
        marked = data.get(sign, [])
        if not isinstance(marked, list):
            raise SheetError(f"'{sign}' must be a list of ids of choices", *above, sign)
        for id_ in marked:
            if id_ not in raw:
                raise SheetError(f"'{id_}' in '{sign}' is none of the choices", *above, sign)
            signs[id_] = sign
    return tuple(Choice(id_, _words(raw, id_, *above, "choices"), signs.get(id_, "")) for id_ in raw)


def _limits(raw: Any, *above: str) -> tuple[tuple[str, float, float], ...]:
    must = "'number' must be a unit with its least and most, such as 'kg: [20, 350]'"
    if not isinstance(raw, dict) or not raw:
        raise SheetError(must, *above, "number")
    found = []
    for unit, pair in raw.items():
        numbers = isinstance(pair, list) and len(pair) == 2 and all(type(n) in (int, float) for n in pair)
        if not isinstance(unit, str) or not numbers or not pair[0] < pair[1]:
            raise SheetError(must, *above, "number", str(unit))
        found.append((unit, pair[0], pair[1]))
    return tuple(found)


def _field(id_: str, data: Any) -> Field:
    above = ("fields", id_)
    _id(id_, *above)
    if not isinstance(data, dict):
        raise SheetError(f"field '{id_}' needs lines such as 'label: Weight'", *above)
    _only(data, _FIELD, *above)
    if len([key for key in ("kind", "choices", "number") if key in data]) > 1:
        raise SheetError(f"field '{id_}' must have one of 'kind', 'choices' and 'number'", *above)
    for key in ("many", "now", "today"):
        if key in data and "choices" not in data:
            raise SheetError(f"'{key}' is for a field with 'choices'", *above, key)
    kind, choices, limits = data.get("kind", "words"), tuple[Choice, ...](), tuple[tuple[str, float, float], ...]()
    if "choices" in data:
        if type(data.get("many", False)) is not bool:
            raise SheetError("'many' must be true or false", *above, "many")
        kind, choices = "many" if data.get("many") else "choice", _choices(data, *above)
    elif "number" in data:
        kind, limits = "number", _limits(data["number"], *above)
    elif kind not in KINDS:
        raise SheetError(f"'kind' must be one of {', '.join(KINDS)}", *above, "kind")
    line = data.get("line", {})
    if not isinstance(line, dict) or (line and set(line) != set(_LINE)):
        raise SheetError(f"'line' must name {', '.join(_LINE)}", *above, "line")
    if line and not limits:
        raise SheetError("'line' is for a field with 'number'", *above, "line")
    named = tuple((key, _id(line[key], *above, "line", key)) for key in _LINE if line)
    shows = _id(data["from"], *above, "from") if "from" in data else ""
    part, hint = (_words(data, key, *above) if key in data else "" for key in ("part", "hint"))
    return Field(id_, _words(data, "label", *above), kind, part, hint, choices, limits, named, shows)


def _calendar(raw: Any, fields: tuple[Field, ...]) -> Calendar:
    if not isinstance(raw, dict) or set(raw) != {"start", "months", "weeks"}:
        raise SheetError("'calendar' must be 'start', 'months' (two fields) and 'weeks' (a number)", "calendar")
    units = {field.id: [unit for unit, _, _ in field.limits] for field in fields}
    if raw["start"] not in [field.id for field in fields if field.kind == "date"]:
        raise SheetError("'start' must be the id of a field with 'kind: date'", "calendar", "start")
    if not isinstance(raw["months"], str) or len(units.get(raw["months"], ())) != 1:
        raise SheetError("'months' must be the id of a field with 'number', in months alone", "calendar", "months")
    if type(raw["weeks"]) is not int or not 1 <= raw["weeks"] <= MOST_WEEKS:
        raise SheetError(f"'weeks' must be a whole number from 1 to {MOST_WEEKS}", "calendar", "weeks")
    return Calendar(raw["start"], raw["months"], raw["weeks"])


def parse(data: Any, known: Collection[str]) -> Sheet:
    """Check the data of a sheet and return it. Raises SheetError that says what must be.

    ``known`` are the keys of the references, which ``source`` may name: what the hints of the fields rest on.
    """
    if not isinstance(data, dict):
        raise SheetError("the block needs lines of 'key: value'")
    _only(data, _KEYS)
    entries, listed = data.get("entries", 0), data.get("list", False)
    if type(listed) is not bool or (listed and not entries):
        raise SheetError("'list' must be true or false, and a list has 'entries'", "list")
    most = MOST_LINES if listed else MOST_ENTRIES
    if type(entries) is not int or not 0 <= entries <= most or ("entries" in data and not entries):
        raise SheetError(f"'entries' must be a whole number from 1 to {most}: what fits on paper", "entries")
    if bool(entries) != ("entry" in data):
        raise SheetError("'entries' and 'entry' (what one of them is called) stand together or not at all")
    if "script" in data and entries:
        raise SheetError("'script' is for a sheet without 'entries': one of entries is for paper too", "script")
    sources = (
        tuple(part.strip().removeprefix("@") for part in _words(data, "source").split(";")) if "source" in data else ()
    )
    for key in sources:
        if key not in known:
            raise SheetError(f"source '{key}' is not in the references", "source")
    fields = data.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise SheetError(
            "'fields' must be lines of 'id:', each with a 'label'", *(("fields",) if "fields" in data else ())
        )
    found = tuple(_field(str(id_), field) for id_, field in fields.items())
    if "calendar" in data and entries:
        raise SheetError("'calendar' is for a sheet without 'entries'", "calendar")
    return Sheet(
        _id(data.get("id"), *(("id",) if "id" in data else ())),
        _words(data, "title"),
        entries,
        _words(data, "entry") if entries else "",
        listed,
        _id(data["script"], "script") if "script" in data else "",
        sources,
        found,
        _calendar(data["calendar"], found) if "calendar" in data else None,
    )
