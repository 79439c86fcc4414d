"""Silences: comments in a page that switch one rule off for one block, or for the page, with the reason.

``<!-- silence CC503: reason in words -->`` on a line of its own is for the block below it (a paragraph, list,
table or heading); before the page's first heading it is for the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from center.finding import Finding, Rule, Silenced, UnknownRuleError, named
from center.markup import Markup

_SILENCE = re.compile(r"<!--\s*silence(?![\w-])(?P<said>.*?)(?P<end>-->|\Z)", re.S | re.I)
_COMMENT = re.compile(r"(?:<!--(?:(?!-->).)*-->\s*)+", re.S)
#: Rules that stay on: without the first three a page is not checked at all; the others hold gaps back from
#: readers, keep readers safe, look at what is built, or watch over silences.
_NEVER = ("CC101", "CC102", "CC106", "CC109", "CC6", "CC7", "CC9")


@dataclass(frozen=True)
class Silence:
    """One silence: the rule as written, the reason ("" for none) and its place.

    ``first`` and ``last`` are the lines it is for; if there are none, ``misplaced`` says what must be.
    ``idle`` says that its rule ran and found nothing there.
    """

    name: str
    reason: str
    line: int
    column: int
    first: int = 0
    last: int = 0
    misplaced: str = ""
    idle: bool = False

    @cached_property
    def rule(self) -> Rule | None:
        """The one rule of that code or slug, None if there is none; it is known once all rules are."""
        try:
            found = named(self.name)[0]
        except UnknownRuleError:
            return None
        return found if self.name.lower() in (found.code.lower(), found.slug) else None

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


def read(markup: Markup) -> tuple[Silence, ...]:
    """The silences of a page, in order. Code, front matter and the data of ``///`` blocks hold none."""
    return tuple(_silences(markup)) if _SILENCE.search(markup.text) else ()


def _silences(markup: Markup) -> Iterator[Silence]:
    tokens, lines = markup.tokens, markup.lines
    last = markup.text.removesuffix("\n").count("\n") + 1
    title = next((token.map[0] + 1 for token in tokens if token.type == "heading_open" and token.map), last + 1)
    for number, token in enumerate(tokens):
        if token.map and token.type in ("html_block", "inline"):
            block = token.type == "html_block"
            # One that is not closed is no comment, but text.
            inside = [child.content for child in token.children or [] if child.type in ("html_inline", "text")]
            text, at = "\n".join(lines[token.map[0] : token.map[1]]), 0
            for match in (m for piece in ([token.content] if block else inside) for m in _SILENCE.finditer(piece)):
                at = max(text.find(match[0].split("\n")[0], at), at)
                line, column = token.map[0] + text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                at += 1
                if not match["end"]:
                    yield _silence(match, line, column, "close this silence with '-->': readers see it as it is")
                elif match[0] != text.strip():
                    yield _silence(match, line, column, "this silence must stand on a line of its own")
                elif line < title:
                    yield _silence(match, line, column, "", (1, last))
                elif below := _below(tokens, number if block else number + 1):
                    yield _silence(match, line, column, "", below)
                else:
                    what = "this silence must stand above a paragraph, list, table or heading; nothing is below it"
                    yield _silence(match, line, column, what)


def _below(tokens: list[Token], number: int) -> tuple[int, int] | None:
    """First and last line of the next block beside a token; comments are passed over."""
    level = tokens[number].level
    for at, token in enumerate(tokens[number + 1 :], number + 1):
        if token.level < level:
            break
        # Within a list a comment is a paragraph of its own.
        said = tokens[at + 1].content if token.type == "paragraph_open" else token.content
        if token.level == level and token.map and not _COMMENT.fullmatch(said.strip()):
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
    return Silence(name, reason, line, column, *covered, misplaced=misplaced)
