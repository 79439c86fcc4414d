"""A page's Markdown, parsed once: the facts about a page, its words and its silences are all read from this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, list_block, reference, table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from center import rawhtml, record
from center.data import Places, pairs, parse_yaml
from center.finding import DataError
from center.sources import CITATION

#: The first line of a ``///`` block, or its last one: its marks and its name.
_BLOCK = re.compile(r" {0,3}(/{3,})[ \t]*(.*?)[ \t]*$")
#: Code between fences, as Python-Markdown finds it: both at the beginning of their lines and alike.
_FENCED = re.compile(
    r"^(?P<fence>~{3,}|`{3,}) *(?:\{[^\n]*\}|(?:\.?[\w#.+-]* *)?(?:hl_lines=(?P<quote>[\"']).*?(?P=quote) *)?)\n"
    r".*?(?<=\n)(?P=fence) *$",
    re.M | re.S,
)
_FENCE = re.compile(r"^(?:~~~|```)", re.M)
_HASHES = re.compile(r"(#{1,6})(.*?)#*$")
_UNDERLINE = re.compile(r"([=-])\1* *$")
_TICKS = re.compile(r"`+")
SIGN = re.compile(r"[^\n]")
#: Stands in the Markdown for what is kept from it: code, raw HTML and blocks. The engine drops this sign, too.
_MARK = "\x02"


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

    def place(self, keys: tuple[str, ...]) -> tuple[int, int]:
        """Line and column of a key of its data, named with those above it; its own line if there is none."""
        found = (place for path, _, *place in pairs(self.text, self.line + 1) if path == keys)
        line, column = next(found, (self.line, 1))
        return line, column


@dataclass(frozen=True)
class Markup:
    """A page's text and what Markdown makes of it.

    ``front`` is the YAML of its front matter, None if it has none. ``lines`` are those of the whole page, front
    matter and blocks emptied; the lines of tokens count in them, from 0. ``labels`` are what links by reference may
    name. ``problem`` says why there are no tokens.
    """

    text: str
    front: str | None
    lines: list[str]
    blocks: tuple[Block, ...]
    tokens: list[Token]
    labels: frozenset[str]
    problem: DataError | None = None


@dataclass(frozen=True)
class _Kept:
    """A run of lines that is kept from Markdown: the type of its token, its text and its last line, from 0."""

    type: str
    text: str
    last: int


def _kept(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """What is kept from Markdown, as one token; what stands after it on its last line is a paragraph."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(_MARK, start) or line not in state.env["kept"]:
        return False
    if not silent:
        kept: _Kept = state.env["kept"][line]
        token = state.push(kept.type, "", 0)
        token.content, token.map = kept.text, [line, kept.last + 1]
        if rest := state.src[start + 1 : state.eMarks[line]].strip():
            state.push("paragraph_open", "p", 1).map = [line, line + 1]
            token = state.push("inline", "", 0)
            token.content, token.map, token.children = rest, [line, line + 1], []
            state.push("paragraph_close", "p", -1)
        state.line = line + 1
    return True


def _margin(state: StateBlock) -> int:
    """Where the lines of a block begin to the site's engine: within a list each level is four spaces in."""
    return -(-state.blkIndent // 4) * 4


def _list(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A list, which needs an empty line between it and the words above."""
    below_words = silent and state.parentType == "paragraph" and state.listIndent < 0
    return not below_words and list_block(state, line, end, silent)


def _heading(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """``#`` at the very beginning of a line, without a space after it too; a seventh is text."""
    found = _HASHES.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])
    indent = state.sCount[line]
    if not found or (indent != state.blkIndent and (indent % 4 or indent > _margin(state))):
        return False
    if not silent:
        _push_heading(state, len(found[1]), found[2].strip(), line, 1)
    return True


def _underlined(state: StateBlock, line: int, end: int, _silent: bool) -> bool:
    """One line, and a line of ``=`` or ``-`` right below it."""
    below = line + 1
    if below >= end or state.is_code_block(line) or state.sCount[below] != _margin(state):
        return False
    if state.blkIndent and state.sCount[line] != state.sCount[below]:
        return False
    found = _UNDERLINE.match(state.src, state.bMarks[below] + state.tShift[below], state.eMarks[below])
    if not found:
        return False
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    _push_heading(state, 1 if found[1] == "=" else 2, text, line, 2)
    return True


def _push_heading(state: StateBlock, level: int, text: str, line: int, lines: int) -> None:
    state.line = line + lines
    state.push("heading_open", f"h{level}", 1).map = [line, state.line]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = text, [line, line + 1], []
    state.push("heading_close", f"h{level}", -1)


def _label(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """The address of a link by reference; a footnote is none, though its text may be one word."""
    footnote = state.src.startswith("[^", state.bMarks[line] + state.tShift[line])
    return not footnote and reference(state, line, end, silent)


def _citation(state: StateInline, silent: bool) -> bool:
    """A citation is text, even before brackets that would make it a link."""
    found = CITATION.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
        state.pending += "" if silent else found[0]
    return found is not None


def _markdown() -> MarkdownIt:
    """CommonMark, read as Python-Markdown reads it, which builds the site."""
    # What is nested deeper than maxNesting is dropped unsaid: ten lists in each other at the preset's 20.
    # Without text_join, signs that an author escaped ("\\[") stay apart from those that mean something.
    # Fences and raw HTML are kept out before.
    md = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
    md.disable(["text_join", "fence", "html_block", "heading", "lheading"])
    anywhere: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    # In this order, before all other blocks but tables and code.
    md.block.ruler.before("blockquote", "kept", _kept, anywhere)
    md.block.ruler.before("blockquote", "hashes", _heading, anywhere)
    md.block.ruler.before("blockquote", "underlined", _underlined)
    md.block.ruler.at("reference", _label, {"alt": ["paragraph"]})
    md.block.ruler.at("list", _list, anywhere)
    md.block.ruler.at("table", table)  # the first of its lines begins a block
    md.inline.ruler.before("link", "citation", _citation)
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
    shown = [line.replace(_MARK, " ").expandtabs(4) if line.strip() else "" for line in lines]
    kept: dict[int, _Kept] = {}
    # In this order the site's engine takes them out, too.
    _keep(shown, kept, "fence", lambda text: [m.span() for m in _FENCED.finditer(text)] if _FENCE.search(text) else [])
    _keep(shown, kept, "html_block", rawhtml.find)
    blocks = _blocks(lines, shown, path)
    for block in blocks:
        if block.closed:
            empty = [""] * (block.last - block.line + 1)
            lines[block.line - 1 : block.last] = shown[block.line - 1 : block.last] = empty
            kept[block.line - 1] = _Kept("block", block.text, block.last - 1)
            shown[block.line - 1] = _MARK
    env: dict[str, Any] = {"kept": kept}
    problem, tokens = None, list[Token]()
    try:
        tokens = _MD.parse("\n".join(map(_piped, shown)), env)
    except RecursionError:
        problem = DataError(path, 1, "this page nests lists or quotes too deeply to be read")
    return Markup(text, front, lines, blocks, tokens, frozenset(env.get("references", ())), problem)


def _keep(
    shown: list[str], kept: dict[int, _Kept], sort: str, find: Callable[[str], Iterable[tuple[int, int]]]
) -> None:
    """Put a mark into the lines for each piece of the text that ``find`` finds."""
    text = "\n".join(shown)
    place = Places(text)
    for start, end in find(text):
        (first, _), (last, column) = place(start), place(end - 1)
        rest = shown[last - 1][column:]
        kept[first - 1] = _Kept(sort, text[start:end], last - 1)
        shown[first - 1 : last] = [f"{_MARK}{rest}", *[""] * (last - first)]


def _blocks(lines: list[str], shown: list[str], path: str) -> tuple[Block, ...]:
    """The ``///`` blocks of a page, by the lines that are left when code and raw HTML are kept out."""
    blocks = list[Block]()
    marks, name, start = "", "", -1

    def unclosed(at: int, name: str) -> Block:
        return Block(name, None, None, at + 1, at + 1, closed=False)

    for number, line in enumerate(shown):
        found = _BLOCK.match(line)
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


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each piece of code in a run of text. Ticks that nothing closes are passed over once."""
    ticks = [match.span() for match in _TICKS.finditer(text)]
    waiting: dict[int, list[int]] = {}
    for number in range(len(ticks) - 1, -1, -1):
        waiting.setdefault(ticks[number][1] - ticks[number][0], []).append(number)
    number = 0
    while number < len(ticks):
        start, end = ticks[number]
        same = waiting[end - start]
        while same and same[-1] <= number:
            same.pop()
        if same and (not start or text[start - 1] != "\\"):
            number = same[-1]
            yield start, ticks[number][1]
        number += 1


def _changed(text: str, change: Callable[[str], str]) -> str:
    parts, done = list[str](), 0
    for start, end in _code(text):
        parts += text[done:start], change(text[start:end])
        done = end
    return "".join(parts) + text[done:]


def without_code(text: str) -> str:
    """A run of text with its code blanked out, each sign at its place."""
    return _changed(text, lambda code: SIGN.sub(" ", code)) if "`" in text else text


def _piped(line: str) -> str:
    """A line whose bars in code divide no cells: the site's engine takes them for code, this one would not."""
    if "|" not in line or "`" not in line or line.startswith("#"):
        return line
    return _changed(line, lambda code: code.replace("|", "/"))
