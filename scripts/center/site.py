"""Facts about a built site: every page's ids, links, pictures and what is loaded with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from center.data import Places, files, html_tokens, read_text
from center.finding import DataError

#: What a browser fetches without being asked, or runs: element and attribute.
_LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("source", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("track", "src"),
    ("input", "src"),
    ("object", "data"),
    ("image", "href"),
    ("use", "href"),
}
_FETCHING_RELS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "manifest",
    "prefetch",
    "preconnect",
    "dns-prefetch",
}
_LINKS = {("a", "href"), ("area", "href"), ("form", "action"), ("link", "href")}
#: Attributes that hold an address.
_NAMING = ("href", "src", "action", "data", "poster", "xlink:href")
_WANTED = frozenset({*_NAMING, "id", "name", "srcset"})
#: Elements whose text is not read as words: not shown, or shown as code.
_SILENT = {"script", "style", "template", "title", "code", "pre"}
#: The addresses of a ``srcset``, which may hold commas of their own.
_SRCSET = re.compile(r"(\S*[^,\s])(?:\s+[^,]*)?(?:,|$)")


class Reference(NamedTuple):
    """An address in a built page: ``loads`` if the browser fetches it by itself."""

    tag: str
    attribute: str
    target: str
    loads: bool
    line: int
    column: int


class Text(NamedTuple):
    """A run of text, with where it begins."""

    text: str
    line: int
    column: int


class Picture(NamedTuple):
    """An ``img`` and its alternative text, None if it has no ``alt`` at all."""

    alt: str | None
    line: int
    column: int


@dataclass
class BuiltPage:
    """One HTML file of a site."""

    path: str
    name: PurePosixPath
    ids: dict[str, tuple[int, int]] = field(default_factory=dict)
    doubled: list[tuple[str, int, int]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    is_frame: bool = False
    problem: DataError | None = None


class _Reader:
    def __init__(self, page: BuiltPage, text: str) -> None:
        self.page = page
        self.place = Places(text)
        self.silent: list[str] = []
        self.open: list[str] = []
        self.mark: tuple[str, int] | None = None
        for sort, value, attributes, at in html_tokens(text):
            if sort == "text":
                self.text(value, at)
            elif sort == "start":
                self.start(value, attributes, at)
            else:
                self.end(value)

    def start(self, tag: str, given: Mapping[str, str], at: int) -> None:
        if not _WANTED.isdisjoint(given):
            self._attributes(tag, given, at)
        if tag == "img":
            self.page.pictures.append(Picture(given.get("alt"), *self.place(at)))
        if tag in _SILENT:
            self.silent.append(tag)
        if tag not in _VOID:
            self.open.append(tag)
            if "data-center" in given:
                self.mark = (given["data-center"], len(self.open))
                self.page.marks.setdefault(given["data-center"], "")

    def _attributes(self, tag: str, given: Mapping[str, str], at: int) -> None:
        if "id" in given or (tag == "a" and "name" in given):
            self._ids(tag, given, *self.place(at))
        for name in _NAMING:
            if name in given:
                self._reference(tag, name.removeprefix("xlink:"), given, given[name].strip(), *self.place(at))
        if "srcset" in given:
            for target in _SRCSET.findall(given["srcset"]):
                self.page.references.append(Reference(tag, "srcset", target, True, *self.place(at)))
        if tag == "link" and given.get("rel") == "canonical":
            self.page.canonical = given.get("href", "")

    def _ids(self, tag: str, given: Mapping[str, str], line: int, column: int) -> None:
        id_ = given.get("id")
        if id_:
            if id_ in self.page.ids:
                self.page.doubled.append((id_, line, column))
            self.page.ids.setdefault(id_, (line, column))
        if tag == "a" and given.get("name"):
            self.page.ids.setdefault(given["name"], (line, column))

    def _reference(self, tag: str, name: str, given: Mapping[str, str], target: str, line: int, column: int) -> None:
        loads = (tag, name) in _LOADS
        if tag == "link":
            rels = set(given.get("rel", "").lower().split())
            loads = bool(rels & _FETCHING_RELS)
        if loads or (tag, name) in _LINKS:
            self.page.references.append(Reference(tag, name, target, loads, line, column))

    def end(self, tag: str) -> None:
        if tag in self.silent:
            self.silent.remove(tag)
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass
            if self.mark and len(self.open) < self.mark[1]:
                self.mark = None

    def text(self, words: str, at: int) -> None:
        if self.silent:
            return
        if not words.isspace():
            self.page.texts.append(Text(words, *self.place(at)))
        if self.mark:
            self.page.marks[self.mark[0]] += f" {words}"  # apart, as two list items are seen


_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Target:
    """Where an address leads: the file of the site, or why there is none."""

    state: Literal["inside", "outside", "missing", "other"]
    file: PurePosixPath | None = None
    fragment: str = ""


@dataclass
class Site:
    """A built site: its pages by name, and every file there is."""

    folder: Path
    label: str
    pages: dict[PurePosixPath, BuiltPage]
    files: frozenset[PurePosixPath]

    @cached_property
    def address(self) -> str:
        """The site's own address, from the start page's canonical link; "" if it has none."""
        home = self.pages.get(PurePosixPath("index.html"))
        return home.canonical if home else ""

    @cached_property
    def _resolved(self) -> dict[tuple[str, str], Target]:
        return {}

    def resolve(self, page: BuiltPage, target: str) -> Target:
        """Where an address on a page leads, as a plain static host and a browser would have it."""
        if target.startswith("#"):
            return Target("inside", page.name, unquote(target[1:]))
        # What all pages of a folder share is found once: several rules ask for each of the same addresses.
        key = (page.path if target[:1] in ("", "?") else page.path.rpartition("/")[0], target)
        known = self._resolved.get(key)
        if known is None:
            known = self._resolved[key] = self._resolve(page, target)
        return known

    def _resolve(self, page: BuiltPage, target: str) -> Target:
        try:
            parts = urlsplit(target)
        except ValueError:
            return Target("missing")
        if self.address and target.startswith(self.address):
            parts = urlsplit("/" + target.removeprefix(self.address))
            base = PurePosixPath()
            path = parts.path.lstrip("/")
        elif parts.scheme in ("http", "https") or (not parts.scheme and parts.netloc):
            return Target("outside")
        elif parts.scheme:
            return Target("other")
        elif parts.path.startswith("/"):
            root = urlsplit(self.address).path or "/"
            if not parts.path.startswith(root):
                return Target("missing")
            base, path = PurePosixPath(), parts.path.removeprefix(root)
        else:
            base, path = page.name.parent, parts.path
        path = unquote(path)
        file = page.name if not path and base == page.name.parent and not parts.path else join(base, path)
        if file is None:
            return Target("missing")
        for candidate in (file, file / "index.html") if not path.endswith("/") else (file / "index.html",):
            if candidate in self.files:
                return Target("inside", candidate, unquote(parts.fragment))
        return Target("missing", file)


def join(base: PurePosixPath, path: str) -> PurePosixPath | None:
    """A path joined to a base, "." and ".." taken out; None if it leaves the root."""
    parts = list(base.parts)
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return PurePosixPath(*parts)


def read_text_into(page: BuiltPage, text: str) -> None:
    """Note the facts of a page's HTML. Never raises, whatever the text is."""
    _Reader(page, text)


def read_page(file: Path, path: str, name: PurePosixPath) -> BuiltPage:
    """Facts of one HTML file. A file that cannot be read as UTF-8 is a page with that problem."""
    page = BuiltPage(path, name)
    try:
        text = read_text(file)
    except DataError as error:
        page.problem = DataError(path, error.line, error.message)
        return page
    read_text_into(page, text)
    return page


def read(folder: Path, label: str) -> Site:
    """Facts of a built site. Raises DataError if the folder is no site: nothing to check is no success."""
    if not folder.is_dir():
        raise DataError(label, 1, "this must be the folder of a built site; there is none")
    found, problems = files(folder, label)
    if problems:
        raise problems[0]
    names = [name for name in found if name.suffix == ".html"]
    if not names:
        raise DataError(label, 1, "this must be the folder of a built site; it holds no HTML")
    pages = {name: read_page(folder / name, f"{label}/{name}", name) for name in names}
    return Site(folder, label, pages, frozenset(found))
