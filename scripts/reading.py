#!/usr/bin/env python3
"""Prints how hard each page is to read, all text and the prose alone, and the medians of the center.

    python scripts/reading.py

How it is counted stands in center/reading.py. Exits 2 if it could not run.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, finding, reading
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"reading: '{error.name}' is not installed here: run 'make reading'", file=sys.stderr)
    sys.exit(2)

_NAMES = ("words", "grade", "SMOG", "words a sentence", "long, %")


def figures(counted: tuple[reading.Sentence, ...], long: int) -> tuple[float, ...]:
    """What is printed of some sentences."""
    found = reading.figures(counted, long)
    return found.words, found.grade, found.smog, found.sentence_words, found.long_sentences


def rows(root: Path) -> dict[str, tuple[float, ...]]:
    """The figures of each page that is held to any, and has no gap left: all text, then the prose alone."""
    settings = center.settings(root)
    pages = center.read(root, settings)
    if pages.syllables is None:
        raise pages.problems[-1]
    found = {}
    for page in pages.pages:
        limits = pages.limits(page, settings)
        if limits and not page.gaps:
            counted = reading.read(page.passages, pages.syllables)
            for word, line in counted.missing:
                raise finding.DataError(
                    page.path, line, f"'{word}' must be in the table of syllables: run 'make words'"
                )
            all_text, prose = (figures(part, limits.long_sentence) for part in (counted.everything, counted.prose))
            found[page.path] = (*all_text, *prose)
    return found


def main(root: Path = ROOT) -> int:
    """Print the table; returns the exit code."""
    try:
        found = rows(root)
    except finding.DataError as error:
        print(f"reading: {error}", file=sys.stderr)
        return 2
    wide = max(map(len, found), default=0)
    print(" " * wide, f"{'all text':>42}{'prose alone':>42}")
    print(" " * wide, *(f"{name:>{max(6, len(name))}}" for name in _NAMES * 2))
    if found:
        found["median"] = tuple(map(statistics.median, zip(*found.values(), strict=True)))
    for name, values in found.items():
        cells = (f"{v:{max(6, len(n))}.{0 if n == 'words' else 1}f}" for n, v in zip(_NAMES * 2, values, strict=True))
        print(f"{name:{wide}}", *cells)
    return 0


if __name__ == "__main__":
    sys.exit(main())
