"""Facts about one source page: what it says of itself, its headings, links, pictures and citations.

Everything is read from the Markdown as written, so that a finding can name the line and the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from center import record, sources
from center.data import parse_yaml, read_text
from center.finding import DataError

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*([^{}]*)\}[ \t]*$")
_ID = re.compile(r"(?:^|\s)#([\w:.-]+)")
_BLOCK = re.compile(r"^///[ \t]+(?P<name>[\w-]+)[^\n]*\n(?P<body>.*?)^///[ \t]*$", re.S | re.M)
_EMPTY_LINES = re.compile(r"[^\n]")
#: Attributes of raw HTML that name another resource.
_NAMING = ("href", "src", "poster", "data")


@dataclass(frozen=True)
class Heading:
    """A heading as written. ``id`` is None where the author gave none."""

    level: int
    text: str
    id: str | None
    line: int


@dataclass(frozen=True)
class Link:
    """A link or a picture as written; ``text`` is the link's words or the picture's alternative text."""

    kind: Literal["link", "picture"]
    target: str
    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Citation:
    """A citation as written; ``keys`` is empty if it is malformed."""

    text: str
    keys: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True)
class Block:
    """A ``///`` block: its name, its data (None if that is not YAML) and what is wrong with the YAML."""

    name: str
    data: Any
    error: DataError | None
    line: int


@dataclass(frozen=True)
class ListOf:
    """The items of a section's first top-level list."""

    section: str
    items: int
    line: int


@dataclass(frozen=True)
class Page:
    """One source page. ``path`` is as printed, ``name`` as other pages of the same language link to it."""

    path: str
    name: PurePosixPath
    text: str
    record: record.Record | None = None
    problem: DataError | None = None
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    citations: tuple[Citation, ...] = ()
    blocks: tuple[Block, ...] = ()
    lists: tuple[ListOf, ...] = ()
    has_front_matter: bool = False
    lines: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the headings, as given by the author."""
        return frozenset(h.id for h in self.headings if h.id)

    @property
    def kind(self) -> str | None:
        """The kind the page says it is."""
        return self.record.get("kind") if self.record else None


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark").enable("table")
    # Links are wanted as they are written, not as they would be printed.
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    return md


_MD = _markdown()


class _Tags(HTMLParser):
    """Links and pictures in a piece of raw HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in _NAMING:
            if name in given and (name != "data" or tag == "object"):
                kind = "picture" if tag == "img" else "link"
                alt = given.get("alt", "") if kind == "picture" else "(HTML)"
                self.found.append((kind, given[name], alt, self.getpos()[0]))


class _Finder:
    """Finds pieces of a block in the source, each after the one before it."""

    def __init__(self, lines: list[str], first: int, last: int) -> None:
        self.text, self.first, self.at = "\n".join(lines[first:last]), first, 0

    def place(self, *pieces: str) -> tuple[int, int]:
        """Line and column (from 1) of the first piece that is found; the block's start if none is."""
        for piece in pieces:
            index = self.text.find(piece, self.at) if piece else -1
            if index >= 0:
                self.at = index + 1
                before = self.text[:index]
                return self.first + before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1
        return self.first + 1, 1


def _inline(token: Token, finder: _Finder) -> Iterator[Link | Citation]:
    """Links, pictures and citations of one run of text, in order."""
    open_link: tuple[str, int, int] | None = None
    words: list[str] = []
    for child in token.children or []:
        if child.type == "link_open":
            target = str(child.attrs.get("href", ""))
            open_link, words = (target, *finder.place(f"]({target}", f"](<{target}", f"<{target}>", target)), []
        elif child.type == "link_close" and open_link:
            yield Link("link", open_link[0], "".join(words).strip(), open_link[1], open_link[2])
            open_link = None
        elif child.type == "image":
            target = str(child.attrs.get("src", ""))
            line, column = finder.place(f"]({target}", f"](<{target}", target)
            yield Link("picture", target, child.content.strip(), line, column)
        elif child.type == "html_inline":
            line, column = finder.place(child.content)
            yield from _html(child.content, line - 1, column)
        elif child.type in ("text", "code_inline"):
            words.append(child.content)
    # A citation may be split over text tokens ("_" in it), so it is sought in the run as a whole.
    plain = "".join(
        c.content if c.type == "text" else "\n" if c.type.endswith("break") else "\0" for c in token.children or []
    )
    finder.at = 0
    for match in sources.CITATION.finditer(plain):
        line, column = finder.place(match.group(0))
        yield Citation(match.group(0), sources.citation_keys(match.group(0)), line, column)


def _html(text: str, lines_before: int, column: int = 1) -> Iterator[Link]:
    tags = _Tags()
    tags.feed(text)
    for kind, target, alt, line in tags.found:
        yield Link("picture" if kind == "picture" else "link", target, alt, lines_before + line, column)


def _heading(token: Token, level: int, line: int) -> Heading:
    text, id_ = token.content, None
    attributes = _ATTRIBUTES.search(text)
    if attributes:
        text = text[: attributes.start()]
        found = _ID.search(attributes[1])
        id_ = found[1] if found else None
    return Heading(level, text.strip(), id_, line)


def _blocks(body: str, first_line: int, path: str) -> tuple[str, tuple[Block, ...]]:
    """The ``///`` blocks of a body, and the body with them blanked out."""
    blocks = []
    for match in _BLOCK.finditer(body):
        line = first_line + body[: match.start()].count("\n")
        try:
            blocks.append(Block(match["name"], parse_yaml(match["body"], path, line + 1), None, line))
        except DataError as error:
            blocks.append(Block(match["name"], None, error, line))
    return _BLOCK.sub(lambda m: _EMPTY_LINES.sub("", m.group(0)), body), tuple(blocks)


def parse(text: str, path: str, name: PurePosixPath) -> Page:
    """Facts of a page's text. Never raises for what an author can write: problems become findings."""
    front, body, first = record.split(text)
    known: record.Record | None = None
    problem: DataError | None = None
    if front is not None:
        try:
            known = record.parse(front, path)
        except DataError as error:
            problem = error
    plain, blocks = _blocks(body, first, path)
    lines = [""] * (first - 1) + plain.splitlines()
    try:
        tokens = _MD.parse("\n" * (first - 1) + plain)
    except RecursionError:
        tokens, problem = [], DataError(path, 1, "this page nests lists or quotes too deeply to be read")
    headings: list[Heading] = []
    found: list[Link | Citation] = []
    lists: list[ListOf] = []
    depth, listed, start, end = 0, False, 0, 0
    for number, token in enumerate(tokens):
        if token.map:
            start, end = token.map
        if token.type == "heading_open":
            inline = tokens[number + 1]
            headings.append(_heading(inline, int(token.tag[1]), start + 1))
            listed = listed and token.tag not in ("h1", "h2")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            if depth == 1 and not listed and headings and headings[-1].level == 2 and headings[-1].id:
                lists.append(ListOf(headings[-1].id, _items(tokens, number), start + 1))
                listed = True
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "inline":
            found.extend(_inline(token, _Finder(lines, start, max(end, start + 1))))
        elif token.type == "html_block":
            found.extend(_html(token.content, start))
    return Page(
        path=path,
        name=name,
        text=text,
        record=known,
        problem=problem,
        headings=tuple(headings),
        links=tuple(f for f in found if isinstance(f, Link)),
        citations=tuple(f for f in found if isinstance(f, Citation)),
        blocks=blocks,
        lists=tuple(lists),
        has_front_matter=front is not None,
        lines=tuple(text.splitlines()),
    )


def _items(tokens: list[Token], start: int) -> int:
    level = tokens[start].level + 1
    count = 0
    for token in tokens[start + 1 :]:
        if token.level < level:
            break
        count += token.type == "list_item_open" and token.level == level
    return count


def read(file: Path, path: str, name: PurePosixPath) -> Page:
    """Facts of a page's file. A file that cannot be read as UTF-8 text is a page with that problem."""
    try:
        return parse(read_text(file), path, name)
    except DataError as error:
        return Page(path=path, name=name, text="", problem=DataError(path, error.line, error.message))
