"""Words of the pages' language that rules look for: data, so that the engine names none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center.data import read_yaml
from center.finding import DataError

_KEYS = {"promises", "empty_link_words", "dose_units", "people_counts", "bases", "calls", "joins"}


@dataclass(frozen=True)
class Promise:
    """Words that promise, and the contexts in which they do not."""

    name: str
    forms: re.Pattern[str]
    allowed: tuple[re.Pattern[str], ...]
    instead: str


@dataclass(frozen=True)
class Phrases:
    """``empty_link_words`` say nothing of where a link goes; ``dose_units`` follow the number of a dose.

    ``people_counts`` are the words that show a number as people out of 100; ``bases`` end in what counts are out of,
    which is no figure of a study. ``calls`` end where a number to call begins; ``joins`` may follow one, where any
    other word would be what a number counts.
    """

    promises: tuple[Promise, ...]
    empty_link_words: frozenset[str]
    dose_units: tuple[str, ...]
    people_counts: re.Pattern[str]
    bases: re.Pattern[str]
    calls: re.Pattern[str]
    joins: frozenset[str]


def _pattern(text: Any, path: Path) -> re.Pattern[str]:
    try:
        return re.compile(text, re.I)
    except (re.error, TypeError) as error:
        raise DataError(path, 1, f"'{text}' must be a regular expression: {error}") from error


def _texts(value: Any, path: Path, name: str) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise DataError(path, 1, f"'{name}' must be a list of texts")
    return value


def load(path: Path) -> Phrases:
    """Phrases of a YAML file. Raises DataError that says what must be."""
    _, data = read_yaml(path)
    if not isinstance(data, dict) or set(data) != _KEYS:
        raise DataError(path, 1, f"the file must give exactly {', '.join(sorted(_KEYS))}")
    promises = []
    if not isinstance(data["promises"], list):
        raise DataError(path, 1, "'promises' must be a list")
    for item in data["promises"]:
        if not isinstance(item, dict) or set(item) != {"name", "forms", "allowed", "instead"}:
            raise DataError(path, 1, "each promise must give 'name', 'forms', 'allowed' and 'instead'")
        allowed = tuple(_pattern(text, path) for text in item["allowed"] or [])
        promises.append(Promise(str(item["name"]), _pattern(item["forms"], path), allowed, str(item["instead"])))
    words = frozenset(word.lower() for word in _texts(data["empty_link_words"], path, "empty_link_words"))
    units = tuple(_texts(data["dose_units"], path, "dose_units"))
    return Phrases(
        tuple(promises),
        words,
        units,
        _pattern(data["people_counts"], path),
        _pattern(data["bases"], path),
        _pattern(data["calls"], path),
        frozenset(word.lower() for word in _texts(data["joins"], path, "joins")),
    )
