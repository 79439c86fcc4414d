"""Silences: comments in a page that switch one rule off for one block, or for the page, with the reason.

``<!-- silence CC503: reason in words -->`` on a line of its own is for the block below it (a paragraph, list,
table or heading); before the page's first heading it is for the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from center import record
from center.finding import Finding, Rule, Silenced, UnknownRuleError, named
from center.page import Page

_SILENCE = re.compile(r"<!--\s*silence(?![\w-])(?P<said>.*?)(?P<end>-->|\Z)", re.S | re.I)
_BLOCK = re.compile(r" {0,3}(/{3,})[ \t]*")
_MD = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
#: Rules that stay on: without the first three a page is not checked at all; the others hold gaps back from
#: readers, keep readers safe, look at what is built, or watch over silences.
_NEVER = ("CC101", "CC102", "CC106", "CC109", "CC6", "CC7", "CC9")


@dataclass(frozen=True)
class Silence:
    """One silence: the rule as written and as known (None if it is not), the reason ("" for none) and its place.

    ``first`` and ``last`` are the lines it is for; if there are none, ``misplaced`` says what must be.
    ``idle`` says that its rule ran and found nothing there.
    """

    name: str
    rule: Rule | None
    reason: str
    line: int
    column: int
    first: int = 0
    last: int = 0
    misplaced: str = ""
    idle: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is for the whole page."""
        return self.first == 1

    @property
    def refused(self) -> bool:
        """Whether its rule is one that stays on."""
        return self.rule is not None and not allowed(self.rule)

    @property
    def works(self) -> bool:
        """Whether it can silence anything: a known rule that may be silenced, a reason and lines are needed."""
        return self.rule is not None and not self.refused and bool(self.reason) and not self.misplaced

    def covers(self, found: Finding) -> bool:
        """Whether it silences a finding of its page."""
        same = self.rule is not None and self.rule.code == found.code
        return same and self.works and self.first <= found.line <= self.last


def allowed(rule: Rule) -> bool:
    """Whether a page may silence a rule."""
    return rule.reads != "site" and not rule.code.startswith(_NEVER)


def apply(
    findings: Sequence[Finding], silences: Sequence[Silence]
) -> tuple[list[Finding], list[Silenced], set[Silence]]:
    """The findings of one page that stand, those that are silenced, and the silences that did it."""
    left, silenced, used = [], [], set()
    for found in findings:
        covering = [silence for silence in silences if silence.covers(found)]
        used.update(covering)
        if covering:
            silenced.append(Silenced(found, covering[0].reason, covering[0].line))
        else:
            left.append(found)
    return left, silenced, used


def read(page: Page) -> tuple[Silence, ...]:
    """The silences of a page, in order. Code, front matter and the data of ``///`` blocks hold none."""
    if not _SILENCE.search(page.text):
        return ()
    lines = _lines(page)
    try:
        tokens = _MD.parse("\n".join(lines))
    except RecursionError:  # a finding of its own, by the rule that a page can be read
        return ()
    title = page.headings[0].line if page.headings else len(lines) + 1
    return tuple(_silences(tokens, lines, title))


def _lines(page: Page) -> list[str]:
    """The page's lines, the front matter empty and each ``///`` block one paragraph."""
    before = record.split(page.text)[2] - 1
    lines = [""] * before + list(page.lines[before:])
    for block in page.blocks:
        start = end = block.line - 1
        marks = _BLOCK.match(lines[start])
        for number in range(start + 1, len(lines) if block.closed and marks else 0):
            found = _BLOCK.fullmatch(lines[number])
            if found and marks and found[1] == marks[1]:
                end = number
                break
        lines[start : end + 1] = ["x"] * (end + 1 - start)
    return lines


def _silences(tokens: list[Token], lines: list[str], title: int) -> Iterator[Silence]:
    for number, token in enumerate(tokens):
        if token.map and token.type in ("html_block", "inline"):
            block = token.type == "html_block"
            inside = [child.content for child in token.children or [] if child.type == "html_inline"]
            text, at = "\n".join(lines[token.map[0] : token.map[1]]), 0
            for match in (m for piece in ([token.content] if block else inside) for m in _SILENCE.finditer(piece)):
                at = max(text.find(match[0].split("\n")[0], at), at)
                line, column = token.map[0] + text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                at += 1
                if not match["end"]:
                    yield _silence(match, line, column, "close this silence with '-->': it takes the page with it")
                elif not block or match[0] != token.content.strip():
                    yield _silence(match, line, column, "this silence must stand on a line of its own")
                elif line < title:
                    yield _silence(match, line, column, "", (1, len(lines)))
                elif below := _below(tokens, number):
                    yield _silence(match, line, column, "", below)
                else:
                    what = "this silence must stand above a paragraph, list, table or heading; nothing is below it"
                    yield _silence(match, line, column, what)


def _below(tokens: list[Token], number: int) -> tuple[int, int] | None:
    """First and last line of the next block beside a token; other comments are passed over."""
    level = tokens[number].level
    for token in tokens[number + 1 :]:
        if token.level < level:
            break
        comment = token.type == "html_block" and re.fullmatch(r"<!--.*-->", token.content.strip(), re.S)
        if token.level == level and token.map and not comment:
            return token.map[0] + 1, token.map[1]
    return None


def _silence(
    match: re.Match[str], line: int, column: int, misplaced: str, covered: tuple[int, int] = (0, 0)
) -> Silence:
    name, colon, reason = " ".join(match["said"].split()).partition(":")
    if not colon:  # "CC503" or "CC503 because": the first word is the rule, and there is no reason
        name = name.partition(" ")[0]
    name = name.strip()
    reason = reason.strip() if re.search(r"[^\W\d_]", reason) else ""
    return Silence(name, _rule(name), reason, line, column, *covered, misplaced=misplaced)


def _rule(name: str) -> Rule | None:
    """The one rule of that code or slug."""
    try:
        found = named(name)
    except UnknownRuleError:
        return None
    return found[0] if name.lower() in (found[0].code.lower(), found[0].slug) else None
