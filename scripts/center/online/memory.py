"""What was answered before, in a file of lines, so that a run that was stopped goes on where it was.

Each answer is written when it is known: nothing is lost, however a run ends. Good ones are kept longest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, get_args

from center.online.limits import Limits
from center.outside import Seen, Sort

#: Raised when an answer would be judged otherwise, or is written otherwise: all older ones are then forgotten.
VERSION = 1
_HEAD = {"answers of outside addresses": VERSION}


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True) + "\n"


@dataclass
class Memory:
    """Answers by address, each with when it was given. ``said`` is a line for people, if it had to begin anew."""

    file: Path
    limits: Limits
    said: str = ""
    known: dict[str, tuple[float, Seen]] = field(default_factory=dict)
    _open: IO[str] | None = None

    @classmethod
    def load(cls, file: Path, limits: Limits, now: float) -> Memory:
        """What is remembered and still holds. A file that cannot be read as one of ours is begun anew."""
        memory = cls(file, limits)
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return memory
        except (OSError, UnicodeDecodeError) as error:
            memory.said = f"'{file.name}' could not be read, so every address is asked anew: {error}"
            return memory
        try:
            for address, at, seen in _entries(text):
                if at <= now < at + getattr(limits, seen.sort):
                    memory.known[address] = (at, seen)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            memory.known.clear()
            memory.said = f"'{file.name}' is of another version or damaged, so every address is asked anew"
        return memory

    def seen(self, address: str, fragments: frozenset[str]) -> Seen | None:
        """What an address answered, if that holds for all these fragments too."""
        if address not in self.known:
            return None
        seen = self.known[address][1]
        return seen if seen.sort != "good" or fragments <= seen.places.keys() else None

    def __enter__(self) -> Memory:
        new = self.file.with_name(f"{self.file.name}.new")
        entries = [_line([address, at, seen._asdict()]) for address, (at, seen) in sorted(self.known.items())]
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text("".join([_line(_HEAD), *entries]), encoding="utf-8")
            new.replace(self.file)
            self._open = self.file.open("a", encoding="utf-8")
        except OSError as error:
            self._lost(error)
        return self

    def keep(self, address: str, seen: Seen, now: float) -> None:
        """Write an answer down at once."""
        self.known[address] = (now, seen)
        if self._open:
            try:
                self._open.write(_line([address, now, seen._asdict()]))
                self._open.flush()
            except OSError as error:
                self._lost(error)

    def _lost(self, error: OSError) -> None:
        """Go on without: an answer that is not remembered is asked for again, and no more."""
        self.said = f"'{self.file.name}' could not be written, so answers are not remembered: {error.strerror}"
        self.__exit__(None, None, None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            with suppress(OSError):  # told of already, when it was written to
                self._open.close()
            self._open = None


def _entries(text: str) -> Iterator[tuple[str, float, Seen]]:
    """The entries of a file. A last line that was not written to its end is none. Raises ValueError and its like."""
    first, *lines = text.split("\n")[:-1]
    if json.loads(first) != _HEAD:
        raise ValueError("another version")
    for line in lines:
        address, at, given = json.loads(line)
        yield str(address), float(at), _seen(given)


def _seen(given: dict[str, Any]) -> Seen:
    places = {str(name): (str(state), str(near)) for name, (state, near) in given.pop("places").items()}
    seen = Seen(**given, places=places)
    if seen.sort not in get_args(Sort) or not all(isinstance(seen[at], str) for at in (1, 2, 3, 6)):
        raise ValueError("no answer of ours")
    return seen
