"""A page's Markdown, parsed once: the facts about a page, its words and its silences are all read from this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from center import record
from center.data import parse_yaml
from center.finding import DataError

#: The first line of a ``///`` block, or its last one: its marks and its name.
_BLOCK = re.compile(r" {0,3}(/{3,})[ \t]*(.*?)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
_CODE_IN_LINE = re.compile(CODE_SPAN.pattern)
#: Stands in the Markdown for a block, which is data: it ends a paragraph as the block does, and says nothing.
_MARK = "<!---->"


@dataclass(frozen=True)
class Block:
    """A ``///`` block: its name, its data (None if that is not YAML), what is wrong with the YAML, and its text.

    An end without a beginning is a block without a name. One that is not closed ends where it begins.
    """

    name: str
    data: Any
    error: DataError | None
    line: int
    last: int
    closed: bool = True
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Markup:
    """A page's text and what Markdown makes of it.

    ``front`` is the YAML of its front matter, None if it has none. ``lines`` are those of the whole page, front
    matter and blocks emptied; the lines of tokens count in them, from 0. ``labels`` are what links by reference may
    name, each with its line (from 1). ``problem`` says why there are no tokens.
    """

    text: str
    front: str | None
    lines: list[str]
    blocks: tuple[Block, ...]
    tokens: list[Token]
    labels: Mapping[str, int]
    problem: DataError | None = None

    def block(self, token: Token) -> Block | None:
        """The block that a token stands for."""
        line = token.map[0] + 1 if token.map else 0
        return next((b for b in self.blocks if b.closed and b.line == line), None)


def _markdown() -> MarkdownIt:
    # What is nested deeper than maxNesting is dropped unsaid: ten lists in each other at the preset's 20.
    # Without text_join, signs that an author escaped ("\\[") stay apart from those that mean something.
    md = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("text_join")
    # Links are wanted as they are written, not as they would be printed.
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    return md


_MD = _markdown()


def parse(text: str, path: str) -> Markup:
    """Parse a page's text. Never raises for what an author can write."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front, body, first = record.split(text)
    # Lines are counted as editors and Markdown count them: str.splitlines() would also end one at U+2028.
    lines = [""] * (first - 1) + body.split("\n")
    blocks = _blocks(lines, first - 1, path)
    shown = list(map(_piped, lines))
    for block in blocks:
        if block.closed:
            count = block.last - block.line + 1
            lines[block.line - 1 : block.last] = [""] * count
            shown[block.line - 1 : block.last] = [_MARK, *[""] * (count - 1)]
    env: dict[str, Any] = {}
    problem, tokens = None, list[Token]()
    try:
        tokens = _MD.parse("\n".join(shown), env)
    except RecursionError:
        problem = DataError(path, 1, "this page nests lists or quotes too deeply to be read")
    labels = {label: entry["map"][0] + 1 for label, entry in env.get("references", {}).items()} if tokens else {}
    return Markup(text, front, lines, blocks, tokens, labels, problem)


def _blocks(lines: list[str], first: int, path: str) -> tuple[Block, ...]:
    """The ``///`` blocks of a page, code left out."""
    blocks = list[Block]()
    code, marks, name, start = "", "", "", -1

    def unclosed(at: int, name: str) -> Block:
        return Block(name, None, None, at + 1, at + 1, closed=False)

    for number, line in enumerate(lines[first:], first):
        fence = _FENCE.match(line) if start < 0 else None
        if fence and not code:
            code = fence[1]
        elif fence and fence[1].startswith(code) and not fence[2].strip():
            code = ""
        found = None if code else _BLOCK.match(line)
        if not found:
            continue
        if start >= 0 and not found[2] and found[1] == marks:
            blocks.append(_block(name, lines, start, number, path))
            start = -1
        elif start < 0 or found[2]:
            if start >= 0:
                blocks.append(unclosed(start, name))
            marks, name, start = found[1], found[2], number if found[2] else -1
            if not name:
                blocks.append(unclosed(number, ""))
    if start >= 0:
        blocks.append(unclosed(start, name))
    return tuple(blocks)


def _block(name: str, lines: list[str], start: int, end: int, path: str) -> Block:
    body, data, problem = "\n".join(lines[start + 1 : end]), None, None
    try:
        data = parse_yaml(body, path, start + 2)
    except DataError as error:
        problem = error
    return Block(name, data, problem, start + 1, end + 1, text=body)


def _piped(line: str) -> str:
    """A line whose bars in code divide no cells: the site's engine takes them for code, this one would not."""
    if "|" not in line or "`" not in line or line.startswith("#"):
        return line
    return _CODE_IN_LINE.sub(lambda m: m.group(0).replace("|", "/"), line)
