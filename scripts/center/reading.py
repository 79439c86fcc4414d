"""How hard a page is to read: figures over its passages, counted so that two people get the same.

- Counted are prose, list items, and table cells of four words or more; headings, captions and citations are not.
- Each of them is at least one sentence. A sentence ends at a full stop, question or exclamation mark before a
  space, unless a small letter follows or the table of syllables holds the word with its full stop ("dr.").
- A word is what stands between spaces, dashes and slashes and holds a letter or digit. Joined by hyphens it is one
  word, with the syllables of its parts.
- A numeral is one syllable: figures are taken in at a glance, and to count them as spoken would tax their use.
- Other syllables are looked up, never guessed: words in small letters, abbreviations (all capitals) as written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path

from center.data import read_text
from center.finding import DataError
from center.page import Passage

#: A table cell of fewer words is a label, no sentence.
CELL_WORDS = 4
#: A word of so many syllables counts as hard, in SMOG.
HARD = 3

#: What ends a sentence, and what may close after it.
_ENDS, _CLOSING = frozenset(".!?…؟"), "\"'”’»)]"
_APART = re.compile(r"[/–—…°]+")
_WORD = re.compile(r"[^\W_](?:.*[^\W_])?")
#: Signs that are written in more ways than one, or not seen.
_SIGNS = {ord("’"): "'", ord("‑"): "-", ord("\u00ad"): None, ord("\u200b"): None}

Syllables = Mapping[str, int]


def load(path: Path) -> dict[str, int]:
    """Syllables of each word, from lines of ``word<TAB>count``; "#" begins a comment. Raises DataError."""
    found: dict[str, int] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, count = line.partition("\t")
        if not word or not re.fullmatch(r"[1-9]\d?", count.strip()):
            raise DataError(path, number, "each line must be a word, a tab and its number of syllables")
        if word in found:
            raise DataError(path, number, f"'{word}' stands twice")
        found[word] = int(count)
    return found


def _key(part: str) -> str:
    stem = part.removesuffix("s").removesuffix("'")
    return part if len(stem) > 1 and stem.isupper() else part.lower()


@lru_cache(maxsize=1 << 15)
def _words(token: str) -> tuple[tuple[str, str], ...]:
    """The words in what stands between two spaces; each also as an abbreviation, "" if no full stop follows."""
    found = []
    for piece in _APART.split(token.translate(_SIGNS)):
        match = _WORD.search(piece)
        if match:
            stopped = piece[match.start() : match.end() + 1]
            found.append((match.group(0), stopped if stopped.endswith(".") else ""))
    return tuple(found)


@lru_cache(maxsize=1 << 15)
def _parts(word: str) -> tuple[tuple[str, ...], int]:
    """What the parts of a word are looked up by, and how many of them are numerals."""
    parts = [part for part in word.split("-") if part]
    found = tuple(_key(part) for part in parts if any(map(str.isalpha, part)))
    return found, len(parts) - len(found)


@dataclass(frozen=True)
class Sentence:
    """A sentence, the line its passage begins on, its words, the syllables of each, and what could not be looked up."""

    text: str
    line: int
    words: tuple[str, ...]
    syllables: tuple[int, ...]
    missing: tuple[str, ...]

    @cached_property
    def total(self) -> int:
        """Its syllables."""
        return sum(self.syllables)

    @cached_property
    def hard(self) -> int:
        """Its words of three syllables or more."""
        return sum(count >= HARD for count in self.syllables)


@dataclass(frozen=True)
class Figures:
    """Counts of some sentences, and the figures made from them: all are 0 if there are none."""

    sentences: int
    words: int
    syllables: int
    hard: int
    long: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """The SMOG grade."""
        return 1.043 * math.sqrt(30 * self.hard / self.sentences) + 3.1291 if self.sentences else 0.0

    @property
    def sentence_words(self) -> float:
        """Words a sentence."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def long_sentences(self) -> float:
        """Long sentences in 100."""
        return 100 * self.long / self.sentences if self.sentences else 0.0

    def without(self, sentence: Sentence) -> Figures:
        """The figures if one sentence were not there: what it costs is the difference."""
        return replace(
            self,
            sentences=self.sentences - 1,
            words=self.words - len(sentence.words),
            syllables=self.syllables - sentence.total,
            hard=self.hard - sentence.hard,
        )


def figures(counted: Iterable[Sentence], long: int) -> Figures:
    """The figures of some sentences; one of more than ``long`` words is long."""
    counted = tuple(counted)
    return Figures(
        sentences=len(counted),
        words=sum(len(s.words) for s in counted),
        syllables=sum(s.total for s in counted),
        hard=sum(s.hard for s in counted),
        long=sum(len(s.words) > long for s in counted),
    )


@dataclass(frozen=True)
class Text:
    """A passage that is counted, and its sentences."""

    passage: Passage
    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(s.words) for s in self.sentences)


@dataclass(frozen=True)
class Reading:
    """What is counted of a page. ``missing`` are its words that the table of syllables lacks, with their lines."""

    texts: tuple[Text, ...]
    missing: tuple[tuple[str, int], ...]

    @cached_property
    def everything(self) -> tuple[Sentence, ...]:
        """The sentences of all text."""
        return tuple(s for text in self.texts for s in text.sentences)

    @cached_property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences outside of lists and tables."""
        return tuple(s for text in self.texts if text.passage.kind == "prose" for s in text.sentences)


def _sentence(tokens: Sequence[str], words: Sequence[str], line: int, syllables: Syllables) -> Sentence:
    looked_up = [_parts(word) for word in words]
    counts = tuple(numerals + sum(syllables.get(key, 0) for key in keys) for keys, numerals in looked_up)
    missing = tuple(key for keys, _ in looked_up for key in keys if key not in syllables)
    return Sentence(" ".join(tokens), line, tuple(words), counts, missing)


def sentences(text: str, syllables: Syllables, line: int = 1) -> tuple[Sentence, ...]:
    """The sentences of a text."""
    found, tokens, words = list[Sentence](), list[str](), list[str]()
    given = text.split()
    for token, after in zip_longest(given, given[1:]):
        tokens.append(token)
        abbreviated = False
        for word, stopped in _words(token):
            abbreviated = bool(stopped) and _key(stopped) in syllables
            words.append(stopped if abbreviated else word)
        bare = token.rstrip(_CLOSING)
        ends = bare[-1:] in _ENDS and not abbreviated and not (after and after[0].islower())
        if words and (ends or not after):
            found.append(_sentence(tokens, words, line, syllables))
        if ends:
            tokens, words = [], []
    return tuple(found)


def read(passages: Iterable[Passage], syllables: Syllables) -> Reading:
    """Count the passages of a page."""
    texts = []
    for passage in passages:
        if passage.kind not in ("heading", "caption"):
            text = Text(passage, sentences(passage.text, syllables, passage.line))
            if text.words >= (CELL_WORDS if passage.kind == "cell" else 1):
                texts.append(text)
    missing: dict[str, int] = {}
    for sentence in (s for text in texts for s in text.sentences):
        for word in sentence.missing:
            missing.setdefault(word, sentence.line)
    return Reading(tuple(texts), tuple(missing.items()))
