"""The words of a source page as runs of text with true places, for rules about wording. Code and raw HTML are no words.

A run is what a reader takes in at once: a paragraph, a heading, a list item's words or a table's cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from center.markup import SIGN, Markup, without_code
from center.sources import CITATION

Kind = Literal["paragraph", "heading", "item", "cell"]

#: Comments and tags. No part runs on over the next "<", so that a page of nothing else is read in one pass.
_HTML = re.compile(r"<!--(?:[^<]|<(?!!--))*?-->|</?[A-Za-z][^<>]*>")
CITED = CITATION
#: Marks that a reader does not see; what is named ``kept`` is seen.
_MARKS = re.compile(
    rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|(?P<kept>{CITED.pattern})"
    r"|\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]]*\]|!?\[|\]"
    r"|\{[^{}\n]*[#.:=][^{}\n]*\}"
    r"|\*+|(?<!\w)_+|_+(?!\w)"
)
_END = re.compile(rf"[.!?…。！？؟]+[\"'”’)»]*(?:\s*(?:{CITED.pattern}))*(?=\s|$)")
_FOOTNOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.M)


@dataclass(frozen=True)
class Sentence:
    """A sentence as a reader sees it, citations included; ``at`` says where each of its signs stands in the run."""

    text: str
    at: Sequence[int]

    @cached_property
    def words(self) -> str:
        """The sentence with its citations blanked out, to its last sign; places in it are those in ``text``."""
        return CITED.sub(lambda m: " " * len(m.group(0)), self.text).rstrip(" \"'”’)»")


@dataclass(frozen=True)
class Run:
    """Words as written; code and raw HTML are blanked out. ``around`` are the words that a citation here speaks for."""

    kind: Kind
    raw: str
    around: str
    line: int
    starts: tuple[int, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (from 1) of a place in ``raw``."""
        above = self.raw[:offset]
        number = above.count("\n")
        return self.line + number, self.starts[number] + len(above) - above.rfind("\n")

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The run's sentences, with the marks of Markdown taken out."""
        read = list[tuple[int, int]]()
        done = 0
        for mark in _MARKS.finditer(self.raw):
            read += (done, mark.start()), mark.span("escaped"), mark.span("kept")
            done = mark.end()
        text, at = self.raw, cast(Sequence[int], range(len(self.raw)))
        if read:  # most runs hold no mark
            read.append((done, len(self.raw)))
            text = "".join([self.raw[start:end] for start, end in read])
            at = [place for part in read for place in range(*part)]
        return tuple(self._split(text.replace("\n", " "), at))

    @staticmethod
    def _split(text: str, at: Sequence[int]) -> Iterator[Sentence]:
        start = 0
        for end in (*(m.end() for m in _END.finditer(text)), len(text)):
            after = text[end : end + 40].lstrip()[:1]
            if after.islower() or after.isdigit():
                continue  # an abbreviation's point, more likely
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            if begin < end:
                yield Sentence(text[begin:end], at[begin:end])
            start = end


@dataclass(frozen=True)
class Prose:
    """The runs of a page; the labels that links by reference may use; footnotes, each with its line."""

    runs: tuple[Run, ...] = ()
    labels: frozenset[str] = frozenset()
    footnotes: tuple[tuple[str, int], ...] = ()


def label(text: str) -> str:
    """A label as it is compared: in any case and spacing."""
    return normalizeReference(text)


def _blank(text: str) -> str:
    """The text with code, comments and tags blanked out, each sign at its place."""
    text = without_code(text)
    return _HTML.sub(lambda m: SIGN.sub(" ", m.group(0)), text) if "<" in text else text


def _run(token: Token, kind: Kind, around: str, lines: list[str]) -> Run:
    first = token.map[0] if token.map else 0
    found = [
        lines[first + n].find(part) if first + n < len(lines) else 0 for n, part in enumerate(token.content.split("\n"))
    ]
    return Run(kind, _blank(token.content), around, first + 1, tuple(max(0, n) for n in found))


def _row(tokens: list[Token], start: int) -> str:
    words = []
    for token in tokens[start + 1 :]:
        if token.type == "tr_close":
            break
        words.append(token.content)
    return " ".join(words)


def read(markup: Markup) -> Prose:
    """The words of a page."""
    tokens, lines = markup.tokens, markup.lines
    runs, items, row, kind = list[Run](), 0, "", "paragraph"
    for number, token in enumerate(tokens):
        if token.type in ("heading_open", "td_open", "th_open", "paragraph_open"):
            kind = token.type
        elif token.type == "tr_open":
            row = _row(tokens, number)
        elif token.type in ("list_item_open", "list_item_close"):
            items += token.nesting
        elif token.type == "inline" and kind == "heading_open":
            runs.append(_run(token, "heading", "", lines))
        elif token.type == "inline" and kind in ("td_open", "th_open"):
            runs.append(_run(token, "cell", row, lines))
        elif token.type == "inline":
            runs.append(_run(token, "item" if items else "paragraph", token.content if items else "", lines))
    notes = [(m[1].lower(), run.place(m.start())[0]) for run in runs for m in _FOOTNOTE.finditer(run.raw)]
    return Prose(tuple(runs), markup.labels, tuple(notes))
