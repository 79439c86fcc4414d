"""Facts about one source page: what it says of itself, its headings, links, pictures and citations.

Everything is read from the Markdown as written, so that a finding can name the line and the column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from markdown_it.token import Token

from center import gaps, markup, prose, record, silence, sources
from center.data import LenientParser, Places, read_text
from center.finding import DataError
from center.markup import Block, Markup

_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*([^{}]*)\}[ \t]*$")
_ID = re.compile(r"(?:^|\s)#([\w:.-]+)")
_LISTED_ID = r"\{:?[^{}\n]*?(?<=[\s{:])#([\w:.-]+)[^{}\n]*\}"
#: An id of anything but a heading: right behind a link, a picture and the like, or at the end, on a line of its own.
_ANCHOR = re.compile(rf"(?<=\0){_LISTED_ID}|\n *{_LISTED_ID} *\Z")
#: In a cell, at its end.
_CELL_ANCHOR = re.compile(rf"(?<=\0){_LISTED_ID}| {_LISTED_ID} *\Z")
#: What all links, pictures, citations, gaps and ids hold; most runs of text have none.
_HOLDS = re.compile(r"[\[<{]")
#: What stands before an address.
_OPENED = re.compile(r"\]\(\s*<?|<")
#: A citation or an attribute list: neither is read as words.
_UNREAD = re.compile(rf"{sources.CITATION.pattern}|\{{:?[ \t]*(?:[#.]|[\w-]+=)[^{{}}\n]*\}}")
#: Signs that an author escaped or put in code: they begin no citation and no attribute list.
_MEANT = {ord("["): "\0", ord("{"): "\1"}
_AGAIN = {0: "[", 1: "{"}
#: How a piece of text is met.
Reads = Literal["prose", "list", "cell", "heading", "caption"]
#: Elements of raw HTML whose text is code.
_HTML_CODE = ("pre", "code", "script", "style")
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
class Gap:
    """A place that is still to be filled, as written: ``[[what belongs here]]``."""

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class ListOf:
    """The items of a section's first top-level list."""

    section: str
    items: int
    line: int


@dataclass(frozen=True)
class Passage:
    """A piece of text as a reader meets it: its words, without markup, citations and attributes, on one line.

    ``section`` is the id of the section it stands in, "" for none. A picture's alternative text, the words of a
    ``///`` block, and a paragraph all in emphasis right below pictures are captions.
    """

    kind: Reads
    text: str
    line: int
    section: str = ""


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
    gaps: tuple[Gap, ...] = ()
    anchors: frozenset[str] = frozenset()
    blocks: tuple[Block, ...] = ()
    lists: tuple[ListOf, ...] = ()
    passages: tuple[Passage, ...] = ()
    prose: prose.Prose = field(default_factory=prose.Prose, repr=False)
    silences: tuple[silence.Silence, ...] = ()
    has_front_matter: bool = False

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of its text."""
        return tuple(self.text.removesuffix("\n").split("\n"))

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the headings, as given by the author."""
        return frozenset(h.id for h in self.headings if h.id)

    @cached_property
    def sections(self) -> frozenset[str]:
        """Ids of the sections: headings just below the title."""
        return frozenset(h.id for h in self.headings if h.id and h.level == 2)

    @property
    def kind(self) -> str | None:
        """The kind the page says it is."""
        return self.record.get("kind") if self.record else None


class _Tags(LenientParser):
    """Links, pictures and ids in a piece of raw HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[Literal["link", "picture"], str, str, int]] = []
        self.ids: set[str] = set()
        self.gaps: list[Gap] = []
        self.code: list[str] = []

    def handle_data(self, data: str) -> None:
        for match in () if self.code else gaps.GAP.finditer(data):
            above, (line, before) = data[: match.start()], self.getpos()
            column = len(above) - above.rfind("\n") + (0 if "\n" in above else before)
            self.gaps.append(Gap(match.group(0), line + above.count("\n"), column))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.code:
            self.code.remove(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.code += [tag] * (tag in _HTML_CODE)
        self.ids |= {given[name] for name in (("id", "name") if tag == "a" else ("id",)) if given.get(name)}
        for name in _NAMING:
            if name in given and (name != "data" or tag == "object"):
                alt = given.get("alt", "") if tag == "img" else "(HTML)"
                self.found.append(("picture" if tag == "img" else "link", given[name], alt, self.getpos()[0]))


class _Finder:
    """Finds pieces of a run of lines in the source, each after the one of its sort before it."""

    def __init__(self, lines: list[str], first: int, last: int) -> None:
        self.lines, self.first, self.last = lines, first, last
        self.at: dict[str, int] = {}

    @cached_property
    def text(self) -> str:
        """The lines, code blanked out: a link or citation in it is none. Most runs hold nothing to be found."""
        return markup.without_code("\n".join(self.lines[self.first : self.last]))

    @cached_property
    def _places(self) -> Places:
        return Places(self.text)

    def _at(self, sort: str, start: int, piece: str) -> tuple[int, int]:
        """Line and column (from 1) of what was found; the start of the lines if it was not."""
        if start < 0:
            return self.first + 1, 1
        self.at[sort] = start + len(piece)
        line, column = self._places(start)
        return self.first + line, column

    def place(self, sort: str, piece: str) -> tuple[int, int]:
        """Where a piece stands that is not escaped."""
        start = self.text.find(piece, self.at.get(sort, 0))
        while start > 0 and self.text[start - 1] == "\\":
            start = self.text.find(piece, start + 1)
        return self._at(sort, start, piece)

    def address(self, sort: str, target: str) -> tuple[int, int]:
        """Where the address of a link or picture stands; a link by reference is placed where its run begins."""
        for opened in _OPENED.finditer(self.text, self.at.get(sort, 0)):
            end = opened.end() + len(target)
            after = self.text[end : end + 1]
            if self.text.startswith(target, opened.end()) and (after in (")", ">") or after.isspace()):
                return self._at(sort, opened.end(), target)
        return self._at(sort, -1, target)


_STANDS = {"softbreak": "\n", "hardbreak": "\n", "html_inline": "\1", "text_special": "\1"}


def _plain(token: Token, *, pictures: bool = False) -> str:
    """The words of a run of text as one; those told of pictures if asked for.

    In place of an element stands "\\0", of raw HTML or an escaped sign "\\1": no attribute list goes with these.
    """
    kept = ("text", "image") if pictures else ("text",)
    return "".join(c.content if c.type in kept else _STANDS.get(c.type, "\0") for c in token.children or [])


class _Found:
    """What the text of a page holds, in order."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.citations: list[Citation] = []
        self.gaps: list[Gap] = []
        self.ids: set[str] = set()

    def inline(self, token: Token, finder: _Finder, *, cell: bool = False) -> None:
        """Note the links, pictures, citations and ids of one run of text."""
        if not _HOLDS.search(token.content):
            return
        target, where, words = "", (0, 0), list[str]()
        for child in token.children or []:
            if child.type == "link_open":
                target = str(child.attrs.get("href", ""))
                where, words = finder.address("link", target), []
            elif child.type == "link_close":
                self.links.append(Link("link", target, "".join(words).strip(), *where))
            elif child.type == "image":
                source = str(child.attrs.get("src", ""))
                self.links.append(Link("picture", source, child.content.strip(), *finder.address("picture", source)))
            elif child.type == "html_inline":
                line, column = finder.place("html", child.content)
                self.html(child.content, line - 1, column)
            elif child.type in ("text", "text_special", "code_inline"):
                words.append(child.content)
        # A citation may be split over text tokens ("_" in it), so it is sought in the run as a whole.
        plain = _plain(token)
        for match in sources.CITATION.finditer(plain):
            where = finder.place("citation", match.group(0))
            self.citations.append(Citation(match.group(0), sources.citation_keys(match.group(0)), *where))
        for match in gaps.GAP.finditer(_plain(token, pictures=True)):
            beginning = re.split("[\0\1\n]", match.group(0))[0]
            self.gaps.append(Gap(re.sub("[\0\1]", "", match.group(0)), *finder.place("gap", beginning)))
        if "{" in plain:
            self.ids.update(m[1] or m[2] for m in (_CELL_ANCHOR if cell else _ANCHOR).finditer(plain))

    def html(self, text: str, lines_before: int, column: int = 1) -> None:
        """Note the links, pictures and ids of a piece of raw HTML."""
        tags = _Tags()
        tags.feed(text)
        self.ids |= tags.ids
        self.gaps.extend(Gap(gap.text, lines_before + gap.line, gap.column) for gap in tags.gaps)
        self.links.extend(
            Link(kind, target, alt, lines_before + line, column) for kind, target, alt, line in tags.found
        )


def _heading(token: Token, level: int, line: int) -> Heading:
    text, id_ = token.content, None
    attributes = _ATTRIBUTES.search(text)
    if attributes:
        text = text[: attributes.start()]
        found = _ID.search(attributes[1])
        id_ = found[1] if found else None
    return Heading(level, text.strip(), id_, line)


def parse(text: str, path: str, name: PurePosixPath) -> Page:
    """Facts of a page's text. Never raises for what an author can write: problems become findings."""
    read = markup.parse(text, path)
    known: record.Record | None = None
    problem = read.problem
    if read.front is not None:
        try:
            known = record.parse(read.front, path)
        except DataError as error:
            problem = problem or error
    headings: list[Heading] = []
    found = _Found()
    found.gaps += [Gap(*gap) for gap in gaps.in_yaml(read.front or "", 2)]
    found.gaps += [Gap(*gap) for block in read.blocks for gap in gaps.in_yaml(block.text, block.line + 1)]
    lists: list[ListOf] = []
    depth, listed, start, end = 0, False, 0, 0
    finder = _Finder(read.lines, 0, 0)
    for number, token in enumerate(read.tokens):
        if token.map:
            start, end = token.map
        if token.type == "heading_open":
            inline = read.tokens[number + 1]
            headings.append(_heading(inline, int(token.tag[1]), start + 1))
            listed = listed and token.tag not in ("h1", "h2")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            if depth == 1 and not listed and headings and headings[-1].level == 2 and headings[-1].id:
                lists.append(ListOf(headings[-1].id, _items(read.tokens, number), start + 1))
                listed = True
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "inline":
            if (finder.first, finder.last) != (start, end):  # the cells of a table's row share their line
                finder = _Finder(read.lines, start, end)
            found.inline(token, finder, cell=read.tokens[number - 1].type in ("td_open", "th_open"))
        elif token.type == "html_block":
            found.html(token.content, start)
    return Page(
        path=path,
        name=name,
        text=read.text,
        record=known,
        problem=problem,
        headings=tuple(headings),
        links=tuple(found.links),
        citations=tuple(found.citations),
        gaps=tuple(found.gaps),
        anchors=frozenset(found.ids),
        blocks=read.blocks,
        lists=tuple(lists),
        passages=_passages(read, headings, found.links),
        prose=prose.read(read),
        silences=silence.read(read),
        has_front_matter=read.front is not None,
    )


class _Words(LenientParser):
    """The words in a piece of raw HTML, scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def _words(token: Token) -> tuple[str, bool]:
    """The words of a run of text, and whether all of them are emphasized."""
    words, bare, depth = list[str](), list[str](), 0
    for child in token.children or []:
        if child.type in ("em_open", "strong_open", "em_close", "strong_close"):
            depth += child.nesting
            continue
        if child.type == "text":
            words.append(child.content)
        elif child.type in ("text_special", "code_inline"):
            words.append(child.content.translate(_MEANT))
        elif child.type.endswith("break") or (child.type == "html_inline" and child.content.lower().startswith("<br")):
            words.append("\n")
        else:
            continue
        bare += [] if depth else words[-1:]
    read = " ".join(_UNREAD.sub("\2", "".join(words)).split()).replace(" \2", "").replace("\2", "")
    emphasized = len(bare) < len(words) and not any(map(str.isalnum, _UNREAD.sub("", "".join(bare))))
    return read.translate(_AGAIN).strip(), emphasized


#: Keys of a block's data whose values are no words for a reader.
_NO_WORDS = ("source", "picture", "id", "kind", "now", "today", "number")


def _texts(data: Any) -> list[str]:
    """The texts in the data of a block, however deep: names of groups, but no other key; sources and ids are none."""
    if isinstance(data, dict):
        read = {
            key: list(value) if key == "groups" and isinstance(value, dict) else value for key, value in data.items()
        }
        return [text for key, value in read.items() if key not in _NO_WORDS for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [" ".join(data.split())] if isinstance(data, str) else []


def _passages(read: Markup, headings: list[Heading], links: list[Link]) -> tuple[Passage, ...]:
    """Everything there is to read, in the order of the lines."""
    starts = [h for h in headings if h.level <= 2]
    lines = [h.line for h in starts]
    found = list[Passage]()

    def add(kind: Reads, text: str, line: int) -> None:
        above = bisect_right(lines, line) - 1
        section = starts[above].id if above >= 0 and starts[above].level == 2 else None
        if text:
            found.append(Passage(kind, text, line, section or ""))

    for link in links:
        if link.kind == "picture":
            add("caption", link.text, link.line)
    for block in read.blocks:
        for text in _texts(block.data):
            add("caption", text, block.line)
    inside, line, pictures = list[str](), 0, False
    for token in read.tokens:
        line = token.map[0] + 1 if token.map else line
        if token.nesting > 0:
            inside.append(token.type)
        elif token.nesting < 0:
            inside.pop()
        elif token.type != "inline":
            pictures = False
            if token.type == "html_block":
                html = _Words()
                html.feed(token.content)
                add("prose", " ".join("".join(html.found).split()), line)
        else:
            words, emphasized = _words(token)
            alone = inside == ["paragraph_open"]
            if inside[-1] in ("th_open", "td_open"):
                add("cell", words, line)
            elif inside[-1] == "heading_open":
                add("heading", _ATTRIBUTES.sub("", words), line)
            elif "list_item_open" in inside:
                add("list", words, line)
            else:
                add("caption" if emphasized and alone and pictures else "prose", words, line)
            pictures = alone and not words and any(child.type == "image" for child in token.children or [])
    return tuple(sorted(found, key=lambda passage: passage.line))


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
