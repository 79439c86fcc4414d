"""A whole center: its pages, references, glossary and page kinds, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any

from center import contract, data, extra, figures, gaps, glossary, nav, page, phrases, reading, sources, svg, wording
from center.extra import Text
from center.finding import DataError
from center.parallel import spread

#: The site's settings, whose words every page prints.
SITE = "mkdocs.yml"
#: What people meet first in the repository.
README = "README.md"


@dataclass(frozen=True)
class Settings:
    """What ``[tool.center]`` in pyproject.toml says: where things are, and what a site must show.

    ``home`` and ``questions`` are names of pages; ``phrases`` and ``syllables`` are files of words in the language
    of the pages, ``sections`` the headings and hints that a new page gets, ``start`` what a new center begins with;
    ``free_reading`` and ``free_length`` are names of pages that are not held to the reading figures or to the length
    of their kind; ``severity`` sets rules to "error" or "warning" by code, for the whole project; ``figures`` is the
    record of figures and ``wording`` the words to use and not to use, each left out by a center that keeps none;
    ``helplines`` are numbers to call besides ``emergency``.
    """

    name: str
    docs: str
    theme: str
    references: str
    glossary: str
    emergency: tuple[str, ...]
    rates: tuple[str, ...]
    blocks: tuple[str, ...]
    frames: tuple[str, ...]
    without_review: tuple[str, ...]
    home: str
    questions: str
    phrases: str
    syllables: str
    free_reading: tuple[str, ...]
    free_length: tuple[str, ...]
    sections: str
    start: str
    outside: str
    severity: dict[str, str]
    figures: str = ""
    wording: str = ""
    helplines: tuple[str, ...] = ()


def settings(root: Path) -> Settings:
    """Settings of the repository at ``root``. Raises DataError if they are missing or misspelled."""
    file = root / "pyproject.toml"
    try:
        tool: Any = tomllib.loads(file.read_text(encoding="utf-8")).get("tool")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError("pyproject.toml", 1, f"this file must be readable TOML: {error}") from error
    found = tool.get("center") if isinstance(tool, dict) else None
    wanted = {name: str(kind) for name, kind in Settings.__annotations__.items()}
    optional = {one.name for one in fields(Settings) if one.default is not MISSING}
    if not isinstance(found, dict) or not set(wanted) - optional <= set(found) <= set(wanted):
        must = ", ".join(f"{name} (optional)" if name in optional else name for name in wanted)
        raise DataError("pyproject.toml", 1, f"[tool.center] must give exactly {must}")
    values: dict[str, Any] = {}
    for name, value in found.items():
        kind = wanted[name]
        if kind == "str" and not isinstance(value, str):
            raise DataError("pyproject.toml", 1, f"[tool.center] '{name}' must be a text")
        if kind.startswith("tuple"):
            if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
                raise DataError("pyproject.toml", 1, f"[tool.center] '{name}' must be a list of texts")
            value = tuple(value)
        if kind.startswith("dict") and not (isinstance(value, dict) and set(value.values()) <= {"error", "warning"}):
            raise DataError("pyproject.toml", 1, f"[tool.center] '{name}' must give codes as 'error' or 'warning'")
        values[name] = value
    return Settings(**values)


@dataclass(frozen=True)
class Center:
    """Everything that rules on sources read.

    ``problems`` are data files that could not be used, ``gaps`` those left in data files, with the file of each.
    """

    pages: tuple[page.Page, ...]
    files: frozenset[PurePosixPath]
    references: sources.References | None
    terms: tuple[glossary.Term, ...]
    phrases: phrases.Phrases | None
    contracts: Mapping[str, contract.Contract]
    problems: tuple[DataError, ...] = ()
    syllables: reading.Syllables | None = None
    nav: nav.Nav | None = None
    pictures: tuple[svg.Picture, ...] = ()
    gaps: tuple[tuple[str, page.Gap], ...] = ()
    figures: figures.Figures | None = None
    extra: Mapping[str, Text] = field(default_factory=dict)
    wording: wording.Wording | None = None

    @cached_property
    def by_name(self) -> Mapping[PurePosixPath, page.Page]:
        """Pages by the name that links use."""
        return {p.name: p for p in self.pages}

    def limits(self, target: page.Page, chosen: Settings) -> contract.Limits | None:
        """The reading limits of a page; None if its kind or the settings hold it to none."""
        kind = self.contracts.get(target.kind or "")
        return kind.reading if kind and target.name.as_posix() not in chosen.free_reading else None

    def ids(self, target: page.Page) -> frozenset[str] | None:
        """Ids a link may name on a page, those that its blocks write included; None if they are not known."""
        made = set()
        for block in target.blocks:
            if block.name == "glossary":
                made |= {term.id for term in self.terms}
            elif block.name == "references" and self.references is not None:
                made |= {f"ref-{key}" for key in self.references}
        if any(h.id is None for h in target.headings if h.level > 1):
            return None  # an id made from a heading's words: another rule asks for a given one
        return target.ids | target.anchors | made


def _printed(path: PurePosixPath) -> str:
    """A path as a report names it: on one line, whatever signs it holds."""
    return "".join(c if c.isprintable() else "?" for c in path.as_posix())


def _gaps(root: Path, chosen: Settings) -> Iterable[tuple[str, page.Gap]]:
    """Gaps in the data that pages print, and in the README; a file that cannot be read is another finding."""
    for name in (chosen.references, chosen.glossary, chosen.phrases, SITE):
        try:
            text = data.read_text(root / name)
        except DataError:
            continue
        yield from ((name, page.Gap(*gap)) for gap in gaps.in_yaml(text))
    if (root / README).is_file():
        yield from ((README, gap) for gap in page.read(root / README, README, PurePosixPath(README)).gaps)


def _page(docs: Path, label: str, name: PurePosixPath) -> page.Page:
    return page.read(docs / name, _printed(PurePosixPath(label, name)), name)


def read(root: Path, chosen: Settings) -> Center:
    """Read a center. Raises DataError if it has no page: nothing to check is no success."""
    docs, theme = root / chosen.docs, root / chosen.theme
    files, problems = data.files(docs, chosen.docs) if docs.is_dir() else ([], [])
    names = [name for name in files if name.suffix == ".md"]
    if not names:
        raise DataError(chosen.docs, 1, "this must be the folder of the pages; it holds no .md file")
    references: sources.References | None = None
    terms: tuple[glossary.Term, ...] = ()
    try:
        references = sources.load(root / chosen.references)
    except DataError as error:
        problems.append(DataError(chosen.references, error.line, error.message, error.column))
    try:
        terms = glossary.load(root / chosen.glossary)
    except DataError as error:
        problems.append(DataError(chosen.glossary, error.line, error.message, error.column))
    words: phrases.Phrases | None = None
    try:
        words = phrases.load(root / chosen.phrases)
    except DataError as error:
        problems.append(DataError(chosen.phrases, error.line, error.message, error.column))
    syllables: reading.Syllables | None = None
    try:
        syllables = reading.load(root / chosen.syllables)
    except DataError as error:
        problems.append(DataError(chosen.syllables, error.line, error.message, error.column))
    record: figures.Figures | None = None
    try:
        record = figures.load(root / chosen.figures) if chosen.figures else None
    except DataError as error:
        problems.append(DataError(chosen.figures, error.line, error.message, error.column))
    chosen_words: wording.Wording | None = None
    try:
        chosen_words = wording.load(root / chosen.wording) if chosen.wording else None
    except DataError as error:
        problems.append(DataError(chosen.wording, error.line, error.message, error.column))
    menu: nav.Nav | None = None
    try:
        menu = nav.read(root, chosen.docs)
    except DataError as error:
        problems.append(DataError(nav.FILE, error.line, error.message, error.column))
    return Center(
        pages=tuple(spread(partial(_page, docs, chosen.docs), names)),
        files=frozenset(files) | frozenset(data.files(theme, chosen.theme)[0]),
        references=references,
        terms=terms,
        phrases=words,
        contracts=contract.load(),
        problems=tuple(problems),
        syllables=syllables,
        nav=menu,
        pictures=svg.read([(docs, chosen.docs), (theme, chosen.theme)]),
        gaps=tuple(_gaps(root, chosen)),
        figures=record,
        extra=extra.read(root),
        wording=chosen_words,
    )
