"""Who may be asked when: hosts side by side, but of each host one address at a time, with a pause after it.

No clock and no threads in here: whoever asks says what time it is.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Job = TypeVar("Job")


@dataclass
class _Host(Generic[Job]):
    waiting: list[tuple[float, int, Job]] = field(default_factory=list)
    free_at: float = 0.0
    busy: bool = False

    @property
    def next(self) -> float:
        return max(self.free_at, self.waiting[0][0])


class Schedule(Generic[Job]):
    """Jobs by host, each with the time before which it must not begin."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._hosts: dict[str, _Host[Job]] = {}
        self._count = 0

    def add(self, host: str, job: Job, at: float) -> None:
        """A job for a host, at some time or later. Jobs of one time keep their order."""
        self._count += 1
        heapq.heappush(self._hosts.setdefault(host, _Host()).waiting, (at, self._count, job))

    def take(self, now: float) -> tuple[str, Job] | None:
        """The job that has waited longest of those that may begin; its host is busy until ``done``."""
        free = [(one.next, name) for name, one in self._hosts.items() if one.waiting and not one.busy]
        if not free or min(free)[0] > now:
            return None
        name = min(free)[1]
        found = self._hosts[name]
        found.busy = True
        return name, heapq.heappop(found.waiting)[2]

    def done(self, host: str, now: float, hold: float = 0.0) -> None:
        """A host has answered, and may be asked again after the pause, or ``hold`` if that is longer."""
        found = self._hosts[host]
        found.busy, found.free_at = False, now + max(self._pause, hold)

    def drop(self, host: str, which: Callable[[Job], bool]) -> list[Job]:
        """Take out those waiting jobs of a host, and give them back."""
        found = self._hosts[host]
        out = [entry for entry in found.waiting if which(entry[2])]
        found.waiting = [entry for entry in found.waiting if not which(entry[2])]
        heapq.heapify(found.waiting)
        return [job for _, _, job in sorted(out, key=lambda entry: entry[:2])]

    def next(self) -> float | None:
        """When the next job may begin, of hosts that are not busy; None if there is none."""
        return min((one.next for one in self._hosts.values() if one.waiting and not one.busy), default=None)
