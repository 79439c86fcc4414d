"""Asks all addresses: hosts side by side, each host slowly, until every one is answered or the time is up."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from random import random
from typing import TypeAlias
from urllib.parse import urlsplit

from center.online.fetch import Reply, Request
from center.online.limits import Limits
from center.online.memory import Memory
from center.online.schedule import Schedule
from center.online.verdict import End, Go, Inquiry, given_up, hear
from center.outside import Seen, host

Replies: TypeAlias = "queue.SimpleQueue[tuple[Inquiry, Reply | BaseException]]"


class Clock:
    """What time it is, and waiting. Tests have one of their own, in which no time passes."""

    def now(self) -> float:
        """Seconds, never going back."""
        return time.monotonic()

    def today(self) -> datetime:
        """The date and time of day."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def heard(self, replies: Replies, until: float) -> tuple[Inquiry, Reply | BaseException]:
        """The next reply; raises queue.Empty if there is none ``until`` a moment."""
        return replies.get(timeout=max(0.0, until - self.now()))


@dataclass(frozen=True)
class Heard:
    """What a run came to: what each address answered, how many hosts and addresses were asked now and how many came
    from memory, how many there was no time for, and the hosts of which none could be reached, with why.
    """

    seen: Mapping[str, Seen]
    asked: int = 0
    remembered: int = 0
    left: int = 0
    unreached: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """How many addresses were asked, in words."""
        parts = (
            (self.remembered, "remembered"),
            (sum(seen.known for seen in self.seen.values()), "known to their register, whose pages turn robots away"),
            (self.left, "not asked in this time: run again to go on"),
        )
        said = ", ".join([f"{self.asked} asked", *(f"{number} {what}" for number, what in parts if number)])
        return f"{len(self.seen) + self.left} addresses outside ({said})"


def _origin(address: str) -> tuple[str, str]:
    """Scheme, host and port of an address that was asked for."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


@dataclass
class _Run:
    fetch: Callable[[Request], Reply]
    limits: Limits
    clock: Clock
    memory: Memory
    chance: Callable[[], float]
    tick: Callable[[int, int], None]
    schedule: Schedule[Inquiry] = field(init=False)
    seen: dict[str, Seen] = field(default_factory=dict)
    held: dict[str, Seen] = field(default_factory=dict)
    silences: Counter[str] = field(default_factory=Counter)
    down: dict[tuple[str, str], Reply] = field(default_factory=dict)
    reached: bool = False
    running: int = 0

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.limits.pause)
        self.jobs: queue.SimpleQueue[Inquiry | None] = queue.SimpleQueue()
        self.replies: Replies = queue.SimpleQueue()

    def work(self) -> None:
        """One of the threads that ask."""
        while (inquiry := self.jobs.get()) is not None:
            try:
                self.replies.put((inquiry, self.fetch(inquiry.request)))
            except BaseException as error:
                self.replies.put((inquiry, error))

    def all(self, wanted: Mapping[str, frozenset[str]]) -> int:
        """Ask; gives the number of addresses that there was no time for."""
        began = self.clock.now()
        for address in wanted:
            inquiry = Inquiry(address, wanted[address])
            self.schedule.add(host(address), inquiry, began)
        # Threads that end with the process: a name that is looked up for minutes must not keep anybody waiting.
        for _ in range(min(self.limits.hosts, len(wanted))):
            threading.Thread(target=self.work, daemon=True).start()
        try:
            while len(self.seen) < len(wanted) and self.clock.now() < began + self.limits.run:
                self.start()
                self.listen(began + self.limits.run)
                self.tick(len(self.seen), len(wanted))
        finally:
            for _ in range(self.limits.hosts):
                self.jobs.put(None)
        return len(wanted) - len(self.seen)

    def start(self) -> None:
        """Send out all who may go."""
        while self.running < self.limits.hosts and (taken := self.schedule.take(self.clock.now())):
            self.running += 1
            self.jobs.put(taken[1])

    def listen(self, end: float) -> None:
        """Wait for a reply, or until somebody may go."""
        upcoming = self.schedule.next() if self.running < self.limits.hosts else None
        until = min(end, upcoming) if upcoming is not None else end
        if not self.running:
            self.clock.sleep(max(0.0, until - self.clock.now()))
            return
        try:
            inquiry, reply = self.clock.heard(self.replies, until)
        except queue.Empty:
            return
        self.running -= 1
        if isinstance(reply, BaseException):
            raise reply
        self.take(inquiry, reply)

    def take(self, inquiry: Inquiry, reply: Reply) -> None:
        """Go on from a reply."""
        asked, now = inquiry.at, self.clock.now()
        where = host(asked)
        said = hear(inquiry, reply, self.limits, self.clock.today(), self.chance)
        if isinstance(said, Go):
            self.schedule.done(where, now, said.wait if said.hold else 0.0)
            self.reached = self.reached or not reply.trouble
            down = self.down.get(_origin(inquiry.at))
            if down:
                self.end(inquiry, given_up(inquiry, down), host(inquiry.at))
            else:  # what was begun goes first: one answer more is worth more than several begun
                self.schedule.add(host(inquiry.at), inquiry, now + said.wait if said.wait else -inf)
            return
        self.schedule.done(where, now)
        self.reached = self.reached or bool(said.reached)
        self.silences[where] = self.silences[where] + 1 if reply.trouble == "time" else 0
        shared = said.shared or self.silences[where] >= self.limits.silences
        self.end(inquiry, said, where if shared else "")
        if shared:
            self.down[_origin(asked)] = reply
            for other in self.schedule.drop(where, lambda one: _origin(one.at) == _origin(asked)):
                self.end(other, given_up(other, reply), where)

    def end(self, inquiry: Inquiry, said: End, of_host: str) -> None:
        """An answer is known. What may be our own network's fault is not remembered before any host was reached."""
        of_host = of_host if host(inquiry.page) == of_host and not inquiry.hops else ""
        seen = said.seen._replace(host=of_host)
        self.seen[inquiry.page] = seen
        if said.reached is False and not self.reached:
            self.held[inquiry.page] = seen
            return
        for address, answer in {**self.held, inquiry.page: seen}.items():
            self.memory.keep(address, answer, self.clock.today().timestamp())
        self.held.clear()


def ask(
    wanted: Mapping[str, frozenset[str]],
    fetch: Callable[[Request], Reply],
    memory: Memory,
    *,
    limits: Limits | None = None,
    clock: Clock | None = None,
    chance: Callable[[], float] = random,
    tick: Callable[[int, int], None] = lambda done, whole: None,
) -> Heard:
    """Ask each page for its fragments, unless memory knows. What is known is kept even if this is interrupted."""
    limits, clock = limits or memory.limits, clock or Clock()
    known = {page: seen for page, names in wanted.items() if (seen := memory.seen(page, names)) is not None}
    run = _Run(fetch, limits, clock, memory, chance, tick)
    new = {page: names for page, names in wanted.items() if page not in known}
    with memory:
        left = run.all(new) if new else 0
    # Perhaps it is we who have no network: nobody can say that these are dead.
    doubted = {} if run.reached else {page: one._replace(sort="unsure") for page, one in run.held.items()}
    unreached = {host(page): seen.why for page, seen in doubted.items()}
    return Heard(known | run.seen | doubted, len(run.seen), len(known), left, unreached)
