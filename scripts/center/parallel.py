"""The same work on many things, shared among the cores of a machine where that is worth it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def spread(work: Callable[[T], R], items: Sequence[T], *, least: int = 16) -> list[R]:
    """What ``work`` makes of each item, in order; from ``least`` items on in several processes.

    ``work`` is a function of a module, or a ``partial`` of one, that changes nothing. So whatever goes wrong in a
    process (an error, no memory, a result that cannot be sent) is done once more here, and raises here what it
    would have raised without processes.
    """
    count = min(_cores(), len(items) // max(1, least) + 1, len(items))
    if count > 1 and _may_divide():
        with contextlib.suppress(Exception):
            return _divided(work, items, count)
    return [work(item) for item in items]


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _may_divide() -> bool:
    """Whether processes may be begun: not from one of them, nor beside threads, whose locks a copy would inherit."""
    return multiprocessing.parent_process() is None and threading.active_count() == 1


def _divided(work: Callable[[T], R], items: Sequence[T], count: int) -> list[R]:
    """The first share is done here. Each process has one share and ends with it, so none outlives a killed parent."""
    # A fork shares what is read already; where it is not safe, each process begins anew.
    methods: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    made: list[R | None] = [None] * len(items)
    begun = []
    try:
        for number in range(1, count):
            receiver, sender = methods.Pipe(duplex=False)
            process = methods.Process(target=_share, args=(receiver, sender, work, items[number::count]), daemon=True)
            process.start()
            sender.close()  # the process holds the only other one, so its end is seen here
            begun.append((process, receiver))
        made[::count] = [work(item) for item in items[::count]]
        for number, (_, receiver) in enumerate(begun, 1):
            made[number::count] = receiver.recv()
    finally:
        for process, receiver in begun:
            receiver.close()
            process.terminate()
            process.join()
    return made  # type: ignore[return-value]  # each place was filled


def _share(receiver: Connection, sender: Connection, work: Callable[[T], R], items: Sequence[T]) -> None:
    """Send what ``work`` makes of a share of the items; nothing is sent if it cannot be done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends this process
    receiver.close()
    with contextlib.suppress(Exception):
        made: list[Any] = [work(item) for item in items]
        sender.send(made)
