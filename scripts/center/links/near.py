"""The nearest name that does exist, quickly among thousands."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

_BEST = 12
#: More names than this have a pair of letters in common only by chance.
_MANY = 2000
#: So many names are looked through one by one.
_FEW = 100
_LIKE = 0.6


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _stem(name: str) -> str:
    """A path without what most have: an ending, and the name of a folder's page."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.rpartition('.')[0] or last}".removesuffix("/index")


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


class Near:
    """Names to be found again though they are written a little wrong."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        self._known: dict[str, str | None] = {}

    @cached_property
    def _by_fold(self) -> dict[str, str]:
        return {_folded(name): name for name in reversed(self.names)}

    @cached_property
    def _by_last(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for name in self.names:
            parts = _folded(name).split("/")
            found[parts[-2] if parts[-1] == "index.html" and len(parts) > 1 else parts[-1].rpartition(".")[0]].append(
                name
            )
        return found

    @cached_property
    def _by_pair(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for number, name in enumerate(self.names):
            for pair in _pairs(_stem(_folded(name))):
                found[pair].append(number)
        return found

    def find(self, wanted: str) -> str | None:
        """The name that was most likely meant; None if none is near."""
        if wanted not in self._known:
            self._known[wanted] = self._find(_folded(wanted))
        return self._known[wanted]

    def _find(self, wanted: str) -> str | None:
        bare = wanted.rstrip("/")
        stem = _stem(bare)
        for same in (
            wanted,
            bare,
            f"{bare}.html",
            f"{bare}/index.html",
            f"{stem}.html",
            f"{stem}/index.html",
            f"{stem}.htm",
        ):
            if same in self._by_fold:
                return self._by_fold[same]
        last = stem.rpartition("/")[2]
        alike = self._by_last.get(last, []) if last else []
        if alike:
            return max(alike[:1000], key=lambda name: (_shared(_folded(name), wanted), -len(name)))
        best, like = None, _LIKE
        for name in self._alike(stem):
            ratio = difflib.SequenceMatcher(None, stem, _stem(_folded(name))).ratio()
            if ratio > like:
                best, like = name, ratio
        return best

    def _alike(self, stem: str) -> list[str]:
        """Names that have the most in common with one; all, where there are few."""
        if len(self.names) <= _FEW:
            return self.names
        counts: Counter[int] = Counter()
        pairs = sorted(_pairs(stem), key=lambda pair: len(self._by_pair.get(pair, ())))
        for pair in pairs[:_BEST]:  # the rarest say the most
            for number in self._by_pair.get(pair, ())[:_MANY]:
                counts[number] += 1
        return [self.names[number] for number, _ in counts.most_common(_BEST * 2)]


def _shared(name: str, wanted: str) -> int:
    """How many folders two paths have in common, from the root on."""
    count = 0
    for one, other in zip(name.split("/"), wanted.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
