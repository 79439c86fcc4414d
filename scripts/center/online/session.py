"""One run of ``--online``: what is remembered, a bar on a terminal, and an end by Ctrl-C that loses nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from center.links.web import Outside
from center.online.ask import Clock, Heard, ask
from center.online.fetch import Fetcher
from center.online.limits import Limits
from center.online.memory import Memory
from center.outside import UnheardError, fragment, page_of

#: Where answers are remembered, from the repository's root. Git does not hold it.
MEMORY = Path(".cache/outside.jsonl")


#: Hosts that are told of one by one when none can be reached.
_HOSTS = 10


def agent(name: str) -> str:
    """What we call ourselves: whoever finds it in a log can see who asks, why, and where to complain."""
    address = os.environ.get("REPO_URL", "").strip()
    told = f"; +{address}" if address else ""
    return "".join(c for c in f"{name}-link-check/1 (asks whether links still work{told})" if c.isascii()).strip()


@contextmanager
def _stoppable() -> Iterator[None]:
    def stop(number: int, _frame: FrameType | None) -> None:
        told = "stopped: what was answered is kept, and the same command goes on from there"
        raise UnheardError(told, 128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error if that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("addresses outside", total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)


def wanted(places: Iterable[Outside]) -> Mapping[str, frozenset[str]]:
    """Each page outside with the fragments that are named of it, in the order they are met."""
    names: dict[str, set[str]] = {}
    for place in places:
        found = names.setdefault(page_of(place.address), set())
        if fragment(place.address):
            found.add(fragment(place.address))
    return {page: frozenset(found) for page, found in names.items()}


def run(
    places: Iterable[Outside],
    root: Path,
    name: str,
    *,
    again: bool = False,
    minutes: float = 30,
    limits: Limits | None = None,
    authorities: str | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Heard:
    """Ask all these addresses. Raises UnheardError if no host can be reached, or a signal comes."""
    limits = replace(limits or Limits(), run=minutes * 60)
    clock = Clock()
    file = root / MEMORY
    memory = Memory(file, limits) if again else Memory.load(file, limits, clock.today().timestamp())
    if memory.said:
        say(memory.said)
        memory.said = ""
    fetch = Fetcher(agent(name), limits, authorities)
    try:
        with _stoppable(), _bar() as tick:
            heard = ask(wanted(places), fetch, memory, limits=limits, clock=clock, tick=tick)
    finally:
        fetch.close()
    if memory.said:
        say(memory.said)
    if heard.unreached and not heard.remembered:
        hosts = [f"\n  {host}: {why}" for host, why in heard.unreached.items()]
        rest = f"\n  and {len(hosts) - _HOSTS} more" if len(hosts) > _HOSTS else ""
        raise UnheardError(f"no host outside can be reached; is there a network?{''.join(hosts[:_HOSTS])}{rest}")
    return heard
