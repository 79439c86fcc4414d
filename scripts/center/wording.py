"""One term for one thing: the words that pages do not use, and what they say instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from center.data import Places, read_yaml
from center.finding import DataError

_LISTS = ("not", "but", "except")


@dataclass(frozen=True)
class Word:
    """A word to ``use``, those that it takes the place of, longer ones that are right, and pages left out, by name."""

    use: str
    instead_of: tuple[str, ...]
    but: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """The words of a center."""

    words: tuple[Word, ...]

    @cached_property
    def by_form(self) -> dict[str, Word | None]:
        """What stands for each form; nothing for one that is right."""
        right: dict[str, Word | None] = {form: None for word in self.words for form in word.but}
        return right | {form: word for word in self.words for form in word.instead_of}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One pattern over all forms, the longest first. A form with a capital letter is matched as it is written."""
        forms = sorted(self.by_form, key=lambda form: (-len(form), form))
        written = [r"\s+".join(map(re.escape, form.split())) for form in forms]
        parts = [text if form != form.lower() else f"(?i:{text})" for form, text in zip(forms, written, strict=True)]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(parts) or '(?!)'})(?![\w-])")

    def word(self, found: str) -> Word | None:
        """The word to use in place of what the pattern found, if it is not right."""
        form = " ".join(found.split())
        return self.by_form[form] if form in self.by_form else self.by_form[form.lower()]


def load(path: Path) -> Wording:
    """Words of a YAML file. Raises DataError with the line of the first entry that cannot be used."""
    text, data = read_yaml(path)
    if data is not None and not isinstance(data, list):
        raise DataError(path, 1, "the file must be a YAML list, each item beginning '- use: '")
    places = Places(text)
    lines = [places(match.start())[0] for match in re.finditer(r"^-[ \t]", text, re.M)]
    words: list[Word] = []
    taken: dict[str, str] = {}
    for number, entry in enumerate(data or ()):
        line = lines[number] if number < len(lines) else 1
        if not isinstance(entry, dict) or not {"use", "not"} <= set(entry) <= {"use", *_LISTS}:
            raise DataError(path, line, "each word must give 'use' and 'not', and may give 'but' and 'except'")
        if not isinstance(entry["use"], str) or not entry["use"].strip():
            raise DataError(path, line, "'use' must be a text")
        for name in _LISTS:
            value = entry.get(name, ["-"])
            if not (isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value)):
                raise DataError(path, line, f"'{name}' must be a list of texts")
        for form in (*entry["not"], *entry.get("but", ())):
            if form in taken:
                raise DataError(path, line, f"'{form}' already stands with '{taken[form]}'")
            taken[form] = entry["use"]
        instead_of, but, pages = (tuple(entry.get(name, ())) for name in _LISTS)
        words.append(Word(entry["use"], instead_of, but, pages))
    return Wording(tuple(words))
