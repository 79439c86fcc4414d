"""Numbers to call in a text: right ones, and those that a slip of the pen has made."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from center.phrases import Phrases
from center.prose import Prose

#: A number of the length of those to call, give or take a digit.
_NUMBER = re.compile(r"(?<![\w.,])\d{2,5}(?![.,]?\d|\w|-\w|\s*[%°])")
_WORD = re.compile(r"\s*([^\W\d_]+)")
_BETWEEN = r"\s*(?:\([^()]*\))?\s*(?:[,;·]|\b(?:{joins})\b|\s)*"
#: What follows a number that stands alone: a place in brackets, or the end of a part of the sentence.
_ALONE = re.compile(r"\s*(?:[(,;·.!?]|$)")


@dataclass(frozen=True)
class Call:
    """A number and where it begins and ends in its text."""

    number: str
    at: int
    end: int


@dataclass(frozen=True)
class Calls:
    """The numbers of a text that are known, and those that must be."""

    right: tuple[Call, ...]
    wrong: tuple[Call, ...]


def _alike(one: str, other: str) -> bool:
    """Whether a slip makes one of the other: digits that changed places, or one of them typed for its neighbor."""
    return set(one) == set(other) and len(one) == len(other)


def known_as(number: str, known: Collection[str]) -> str:
    """What must stand in the place of a wrong number, in words."""
    alike = [one for one in known if _alike(one, number)]
    return " or ".join(alike) if alike else f"one of {', '.join(known)}"


def read(text: str, known: Sequence[str], phrases: Phrases) -> Calls:
    """Numbers to call in a text, a sentence at most.

    A number right after a word such as "call" is one to call. So is one that counts nothing, if it is known, stands in
    one list with a known one, or is made of the same digits as a known one and another that is known stands by.
    """
    for several in (number for number in known if " " in number):
        text = text.replace(several, " " * len(several))
    asked = {match.end() for match in phrases.calls.finditer(text)}
    lengths = {len(number) for number in known}
    numbers, sure, free = list[Call](), set[Call](), set[Call]()
    for match in _NUMBER.finditer(text):
        call, word = Call(match.group(0), *match.span()), _WORD.match(text, match.end())
        numbers.append(call)
        if call.at in asked and (len(call.number) in lengths or _ALONE.match(text, call.end)):
            sure.add(call)
        if call in sure or not word or word[1].lower() in phrases.joins:
            free.add(call)
    between = re.compile(_BETWEEN.format(joins="|".join(sorted(map(re.escape, phrases.joins)))))
    listed = {call for call in free if call.number in known}
    for order in (numbers, numbers[::-1]):  # a list goes as far as its numbers are joined, to both sides
        for one, other in itertools.pairwise(order):
            first, second = sorted((one, other), key=lambda call: call.at)
            if one in listed and len(other.number) in lengths and between.fullmatch(text, first.end, second.at):
                listed.add(other)
    right = tuple(call for call in numbers if call in listed and call.number in known)
    alike = {call for call in free if right and any(_alike(call.number, number) for number in known)}
    return Calls(right, tuple(call for call in numbers if call.number not in known and call in sure | listed | alike))


def wrong(prose: Prose, known: Sequence[str], phrases: Phrases) -> frozenset[tuple[int, int]]:
    """Places of wrong numbers to call on a page."""
    return frozenset(
        run.place(sentence.at[call.at])
        for run in prose.runs
        for sentence in run.sentences
        for call in read(sentence.words, known, phrases).wrong
    )
