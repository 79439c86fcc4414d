"""Addresses outside of the center: where they are written, what they answered, and what is allowed of them.

Nothing here asks the network: that is ``online``'s part, and only a run with ``--online`` ever calls it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from center.center import Center, Settings
from center.data import key_places, read_yaml
from center.finding import DataError, Rule, UnknownRuleError, named
from center.links import url
from center.links.fragment import wanted
from center.links.web import Outside

#: What is known of an address: it leads somewhere, it leads nowhere, or nobody can say from here.
Sort = Literal["good", "dead", "unsure"]


class UnheardError(Exception):
    """Nobody could be asked, or somebody stopped it; the message says so, ``code`` is the exit code of a command."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


class Seen(NamedTuple):
    """What a page outside answered, whatever fragments of it are named.

    ``why`` says it in words; ``moved`` is where it has gone for good; ``insecure`` where a secure address ends
    without being one; ``places`` the fragments that were looked for, each with "there", "unsure" or, if it is
    missing, "missing" and the nearest that is there; ``known`` a page that a register of lasting names vouches for;
    ``host`` the host, if all of its addresses answer the same.
    """

    sort: Sort
    why: str = ""
    moved: str = ""
    insecure: str = ""
    places: Mapping[str, tuple[str, str]] = {}
    known: bool = False
    host: str = ""


@dataclass(frozen=True)
class Answer:
    """What one address answered, or several of a host that answers none, with all places that name them."""

    seen: Seen
    at: tuple[Outside, ...]

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it is reported: the first place, sources before what is built of them."""
        return self.at[0].path, self.at[0].line, self.at[0].column

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses, each once."""
        return tuple(dict.fromkeys(place.address for place in self.at))

    @property
    def shown(self) -> str:
        """The first address, without a password."""
        return re.sub(r"(?<=//)[^/@]*@", "...@", self.addresses[0])

    @property
    def fragment(self) -> str:
        """The fragment that the address names, a text directive taken off, "" for none."""
        return fragment(self.addresses[0])

    @property
    def leads_to_front(self) -> bool:
        """Whether it has moved from a page within a site to the first of one: often what is done with pages gone."""
        return len(urlsplit(self.seen.moved).path) < 2 <= len(urlsplit(self.addresses[0]).path)

    @property
    def also(self) -> str:
        """How much more the finding is about, to end a message with."""
        addresses, places = len(self.addresses) - 1, len(self.at) - 1
        if addresses:
            return f" (and {addresses} more address{'es' * (addresses > 1)} there)"
        return f" (and {places} more place{'s' * (places > 1)})" if places else ""


def fragment(address: str) -> str:
    """The fragment of an address without what only asks a browser to mark words; "" for none."""
    return wanted(address.partition("#")[2])


def page_of(address: str) -> str:
    """An address without its fragment: what is asked for."""
    return address.partition("#")[0]


def is_web(address: str) -> bool:
    """Whether an address is of the web, by its scheme, however that is written."""
    return url.scheme(address) in ("http", "https")


def host(address: str) -> str:
    """The host of an address, "" if it has none that can be read."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True)
class Allowance:
    """One entry of the list of what is allowed: which addresses, what may be found of them, why, and where it is."""

    pattern: str
    rule: Rule
    reason: str
    path: str
    line: int

    def allows(self, address: str) -> bool:
        """Whether an address is one of these: ``*`` stands for any signs."""
        return fnmatchcase(address, self.pattern.replace("[", "[[]").replace("?", "[?]"))


class Listed(NamedTuple):
    """An entry of the list, ``idle`` if a whole run did not need it."""

    allowance: Allowance
    idle: bool


_KEYS = ("address", "rule", "reason")


def allowances(file: Path, label: str) -> tuple[Allowance, ...]:
    """The list of what is allowed; none if there is no file. Raises DataError with the line of what cannot be."""
    if not file.exists():
        return ()
    try:
        text, data = read_yaml(file)
    except DataError as error:
        raise DataError(label, error.line, error.message, error.column) from error
    if data is None:
        return ()
    if not isinstance(data, list):
        raise DataError(label, 1, "this must be a list, each entry beginning '- address: '")
    lines = [places.get("address", (1, 1))[0] for places in key_places(text)]
    return tuple(_allowance(entry, label, line) for entry, line in zip(data, lines, strict=True))


def _allowance(entry: Any, label: str, line: int) -> Allowance:
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        raise DataError(label, line, f"an entry must give exactly {', '.join(_KEYS)}")
    address, rule, reason = (entry[key] for key in _KEYS)
    for key in _KEYS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise DataError(label, line, f"'{key}' must be a text")
    try:
        rules = named(rule)
    except UnknownRuleError as error:
        raise DataError(label, line, str(error)) from error
    if len(rules) != 1 or rules[0].reads != "answer":
        raise DataError(label, line, f"'rule' must be one rule on outside addresses, not '{rule}'")
    return Allowance(address, rules[0], " ".join(reason.split()), label, line)


def in_center(center: Center, settings: Settings, root: Path, only: Collection[str] | None) -> Iterator[Outside]:
    """What the references and the pages name, or those pages alone. What cannot be read is another rule's finding."""
    if center.references is not None and only is None:
        yield from in_references(root / settings.references, settings.references)
    for page in center.pages:
        for link in page.links if only is None or page.path in only else ():
            if is_web(link.target):
                yield Outside(_whole(link.target), page.path, link.line, link.column, link.target)


def _whole(written: str) -> str:
    """An address as a browser reads it; as it is written if that is none, which will be told of."""
    return url.normal(written) or written.strip()


def in_references(file: Path, label: str) -> list[Outside]:
    """The addresses of the references, each with the line it stands at. Raises DataError."""
    text, data = read_yaml(file)
    found: list[Outside] = []
    for entry, places in zip(data, key_places(text), strict=True):
        named_so: dict[str, tuple[int, int, str]] = {}
        for key, before in (("DOI", "https://doi.org/"), ("URL", "")):
            value = entry.get(key)
            if isinstance(value, str) and (before or is_web(value)):  # many give both, and mean one
                named_so.setdefault(_whole(f"{before}{value.strip()}"), (*places[key], value))
        found += [Outside(address, label, *where) for address, where in named_so.items()]
    return found


def together(seen: Mapping[str, Seen], places: Iterable[Outside]) -> list[Answer]:
    """What each address answered, one answer for each host that answers none. Places keep the order they come in."""
    groups: dict[tuple[str, str], list[Outside]] = {}
    by_key: dict[tuple[str, str], Seen] = {}
    for place in dict.fromkeys(places):
        one = seen.get(page_of(place.address))
        if one is not None:
            key = (one.host, one.why) if one.host else ("", place.address)
            groups.setdefault(key, []).append(place)
            by_key[key] = one
    return [Answer(by_key[key], tuple(at)) for key, at in groups.items()]
