"""What a check finds, what a rule is, and the registry of rules.

A rule is a generator function. It asks for facts by the names of its parameters, yields
``(line, column, message)`` (for rules on a whole site ``(path, line, column, message)``), and never
reads a file, prints or exits.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

Reads = Literal["page", "center", "site", "answer"]
Severity = Literal["error", "warning"]
Place = tuple[int, int, str]
Check = TypeVar("Check", bound=Callable[..., Iterator[Any]])


class DataError(ValueError):
    """A data file that cannot be used. Takes the file, the line (from 1) and what must be."""

    def __init__(self, path: Path | str, line: int, message: str, column: int = 1) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.path, self.line, self.column, self.message = Path(path), line, column, message

    def __reduce__(self) -> tuple[type[DataError], tuple[Path, int, str, int]]:
        """An error is made again in another process by what it was made of, not by its text."""
        return type(self), (self.path, self.line, self.message, self.column)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend: where (line and column count from 1), which rule, and what must be."""

    path: str
    line: int
    column: int
    code: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, order=True)
class Silenced:
    """A finding that is silenced, with the reason given and the line of the silence, in ``path`` if not in its page."""

    finding: Finding
    reason: str
    line: int
    path: str = ""


@dataclass(frozen=True)
class Rule:
    """A registered rule. It is skipped when a fact it ``needs`` is missing: that is another rule's finding."""

    code: str
    slug: str
    severity: Severity
    reads: Reads
    asks: tuple[str, ...]
    needs: tuple[str, ...]
    check: Callable[..., Iterator[Any]]

    @property
    def title(self) -> str:
        """The first line of the rule's docstring."""
        return self.help.splitlines()[0]

    @property
    def help(self) -> str:
        """The docstring: title, why it matters to a reader, how to mend it, bad and good."""
        return inspect.getdoc(self.check) or ""

    @property
    def family(self) -> str:
        """The hundred of codes that the rule belongs to, such as "CC3"."""
        return self.code[:3]

    @property
    def subject(self) -> str:
        """What the family is about: the first sentence of its file's docstring, without "CCnxx: "."""
        text = " ".join((inspect.getdoc(inspect.getmodule(self.check)) or "").split("\n\n")[0].split())
        return re.split(r"\.(?: |$)", text.partition(": ")[2], maxsplit=1)[0]


RULES: dict[str, Rule] = {}


class UnknownRuleError(ValueError):
    """A name that no rule has; the message says the nearest."""


def named(name: str) -> tuple[Rule, ...]:
    """Rules by code ("CC201"), slug ("section-missing") or the beginning of codes ("CC2"), in the order of codes.

    Raises UnknownRuleError.
    """
    wanted = name.strip()
    found = [rule for rule in RULES.values() if rule.slug == wanted.lower()]
    if re.fullmatch(r"CC\d{1,3}", wanted.upper()):
        found = [rule for code, rule in RULES.items() if code.startswith(wanted.upper())]
    if not found:
        names = {name: rule for rule in RULES.values() for name in (rule.code, rule.slug)}
        guess = wanted.upper() if re.match(r"(?i)cc\d", wanted) else wanted.lower()
        close = difflib.get_close_matches(guess, names, n=1, cutoff=0.5)
        nearest = f"; the nearest is {names[close[0]].code} ({names[close[0]].slug})" if close else ""
        raise UnknownRuleError(f"no rule is called '{wanted}'{nearest}")
    return tuple(sorted(found, key=lambda rule: rule.code))


def rule(
    code: str, *, reads: Reads = "page", severity: Severity = "error", needs: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register a rule under ``code``. Raises ValueError for a taken code or a missing docstring.

    ``needs`` are facts without which the rule is skipped though it does not read them.
    """

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"{code} is taken by {RULES[code].slug}")
        if not inspect.getdoc(check):
            raise ValueError(f"{code} needs a docstring: title, why, how to mend, bad and good")
        slug = check.__name__.replace("_", "-")
        asks = tuple(inspect.signature(check).parameters)
        RULES[code] = Rule(code, slug, severity, reads, asks, (*asks, *needs), check)
        return check

    return register
