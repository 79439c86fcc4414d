"""The words of a center: one definition a term, in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from center.data import key_lines, read_yaml
from center.finding import DataError

_KEYS = {"id", "number", "term", "abbr", "say", "meaning", "also", "match", "group"}


@dataclass(frozen=True)
class Term:
    """A term, its plain meaning, how to say it, the words people use for it, and what a page marks."""

    id: str
    term: str
    meaning: str
    group: str
    say: str
    abbr: tuple[str, ...]
    also: tuple[str, ...]
    match: tuple[str, ...]


def load(path: Path) -> tuple[Term, ...]:
    """Terms of a YAML file, in its order. Raises DataError with the line of the first that cannot be used."""
    text, data = read_yaml(path)
    if not isinstance(data, list):
        raise DataError(path, 1, "the glossary must be a YAML list, each item beginning '- id: '")
    lines = key_lines(text)
    terms: list[Term] = []
    taken: dict[str, str] = {}
    for number, entry in enumerate(data, 1):
        id_ = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(id_, str) or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id_):
            raise DataError(path, 1, f"term number {number} needs an 'id' of small letters, digits and hyphens")
        line = lines.get(id_, 1)
        if any(t.id == id_ for t in terms):
            raise DataError(path, line, f"term '{id_}' stands twice")
        unknown = sorted(map(str, set(entry) - _KEYS))
        if unknown:
            raise DataError(path, line, f"term '{id_}': unknown key '{unknown[0]}'")
        for name in ("term", "meaning", "group"):
            if not isinstance(entry.get(name), str) or not entry[name].strip():
                raise DataError(path, line, f"term '{id_}' needs a '{name}'")
        lists = {}
        for name in ("abbr", "also", "match"):
            value = entry.get(name) or []
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise DataError(path, line, f"term '{id_}': '{name}' must be a list of words")
            lists[name] = tuple(value)
        for form in lists["match"]:
            if form in taken:
                raise DataError(path, line, f"term '{id_}': '{form}' is already marked for '{taken[form]}'")
            taken[form] = id_
        terms.append(Term(id_, entry["term"], entry["meaning"], entry["group"], str(entry.get("say") or ""), **lists))
    return tuple(terms)


def pattern(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern over all forms, longest first, and the term of each form.

    A form with a capital letter is matched as it is written; one without, in any case.
    """
    by_form = {form: term for term in terms for form in term.match}
    forms = sorted(by_form, key=lambda f: (-len(f), f))
    # A form of several words may be broken over two lines.
    written = [r"\s+".join(map(re.escape, form.split())) for form in forms]
    parts = [text if form != form.lower() else f"(?i:{text})" for form, text in zip(forms, written, strict=True)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts) or '(?!)'})(?![\w-])"), by_form
