"""Lays out a page from its contract. Headings and hints are data, in the language of the pages."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from center.contract import Contract, Section
from center.data import key_lines, read_yaml
from center.finding import DataError
from center.gaps import mark

#: Parts of every page for which the file of words gives a hint.
_PAGE = {"title", "description", "heading", "free", "item", "optional"}
_SECTION = {"title", "hint", "text"}


@dataclass(frozen=True)
class Heading:
    """A section's heading, what belongs below it, and ``text``: what is laid out there instead of one gap."""

    title: str
    hint: str
    text: str = ""


@dataclass(frozen=True)
class Words:
    """Words of new pages: hints by part of a page, what stands first by kind, and the sections by id."""

    page: Mapping[str, str]
    kinds: Mapping[str, str]
    sections: Mapping[str, Heading]


def texts(value: Any, path: Path, line: int, name: str) -> dict[str, str]:
    """A mapping of words to texts, none of them empty. Raises DataError."""
    if not isinstance(value, dict) or not all(isinstance(v, str) and v.strip() for v in value.values()):
        raise DataError(path, line, f"'{name}' must give a text for each of its keys")
    return {str(key): text for key, text in value.items()}


def load(path: Path) -> Words:
    """Words of a YAML file. Raises DataError that says what must be."""
    written, data = read_yaml(path)
    if not isinstance(data, dict) or set(data) != {"page", "kinds", "sections"}:
        raise DataError(path, 1, "the file must give exactly page, kinds, sections")
    lines = key_lines(written)
    page = texts(data["page"], path, lines["page"], "page")
    if set(page) != _PAGE:
        raise DataError(path, lines["page"], f"'page' must give exactly {', '.join(sorted(_PAGE))}")
    sections = {}
    for id_, given in data["sections"].items() if isinstance(data["sections"], dict) else [("sections", None)]:
        found = texts(given, path, lines["sections"], id_)
        if not {"title", "hint"} <= set(found) <= _SECTION:
            raise DataError(path, lines["sections"], f"'{id_}' must give 'title' and 'hint', and may give 'text'")
        sections[str(id_)] = Heading(**found)
    return Words(page, texts(data["kinds"], path, lines["kinds"], "kinds"), sections)


@dataclass(frozen=True)
class NewPage:
    """A page of a new center: laid out as ``kind``, or copied if that is empty; ``given`` as in ``page``."""

    path: str
    kind: str
    title: str
    given: Mapping[str, str]


@dataclass(frozen=True)
class Start:
    """What a new center begins with; see the comment at the head of its file."""

    settings: Mapping[str, str | list[str]]
    site: Mapping[str, str]
    nav: str
    extra: Mapping[str, str]
    pages: tuple[NewPage, ...]
    files: Mapping[str, str]
    readme: str


def start(path: Path, **values: str) -> Start:
    """What a YAML file says a new center begins with, ``{name}`` replaced by each of the values. Raises DataError."""
    written, raw = read_yaml(path)
    if not isinstance(raw, dict) or set(raw) != set(Start.__annotations__):
        raise DataError(path, 1, f"the file must give exactly {', '.join(Start.__annotations__)}")
    lines = key_lines(written)

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [filled(part) for part in value]
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text) if isinstance(value, str) else value
        return value

    data = filled(raw)
    for name in ("nav", "readme"):
        if not isinstance(data[name], str):
            raise DataError(path, lines[name], f"'{name}' must be a text")
    for name in ("settings", "site", "extra", "files"):
        if not isinstance(data[name], dict):
            raise DataError(path, lines[name], f"'{name}' must give a value for each of its keys")
    pages = []
    for given in data["pages"] if isinstance(data["pages"], list) else [None]:
        if not isinstance(given, dict) or "path" not in given or not all(isinstance(v, str) for v in given.values()):
            raise DataError(path, lines["pages"], "each page must give its 'path', and texts by section id")
        given_texts = {key: text for key, text in given.items() if key not in ("path", "kind", "title")}
        pages.append(NewPage(given["path"], given.get("kind", ""), given.get("title", ""), given_texts))
    rest = {name: data[name] for name in ("settings", "site", "nav", "extra", "files", "readme")}
    return Start(pages=tuple(pages), **rest)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _section(section: Section, words: Words) -> str:
    heading = words.sections.get(section.id)
    if heading is None:
        raise DataError("sections", 1, f"there must be a heading and a hint for the section '{section.id}'")
    hint = heading.hint if section.required else words.page["optional"].replace("{hint}", heading.hint)
    if heading.text:
        return heading.text if section.required else f"{mark(hint)}\n\n{heading.text}"
    if section.items:
        return "\n".join(f"- {mark(text)}" for text in [hint, *[words.page["item"]] * (section.items[0] - 1)])
    return mark(hint)


def page(contract: Contract, words: Words, today: date, title: str = "", given: Mapping[str, str] | None = None) -> str:
    """A new page: front matter, title and every section in order, with a gap for each thing to write.

    ``given`` texts take the place of gaps: by section id, "lead" before the first section, "free" where sections of
    the page's own may stand; an empty one leaves its place out. Raises DataError if a word is missing.
    """
    given = given or {}
    lead = words.kinds.get(contract.kind)
    if lead is None:
        raise DataError("sections", 1, f"'kinds' must say what stands first on a page of kind '{contract.kind}'")
    free = given.get("free", mark(words.page["free"]))
    parts = [given.get("lead", mark(lead))]
    if contract.free_after == "*":
        parts.append(free)
    for section in contract.sections:
        laid = _section(section, words)
        parts.append(
            f"## {words.sections[section.id].title} {{#{section.id}}}\n\n{given.get(section.id, laid).strip()}"
        )
        if section.id == contract.free_after:
            parts.append(free)
    front = {
        "title": json.dumps(title or mark(words.page["title"]), ensure_ascii=False),
        "description": json.dumps(mark(words.page["description"]), ensure_ascii=False),
        "kind": contract.kind,
        "checked": today.isoformat(),
        "next_check": months_later(today, contract.next_check).isoformat(),
        "reviewers": "[]",
    }
    head = "\n".join(["---", *(f"{key}: {value}" for key, value in front.items()), "---"])
    body = "\n\n".join(part.strip() for part in parts if part.strip())
    return f"{head}\n# {title or mark(words.page['heading'])}\n\n{body}\n"
