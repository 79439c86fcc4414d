"""How long anything may take, how often it is tried, and how much is read. Seconds and bytes."""

from __future__ import annotations

from dataclasses import dataclass

_DAY = 86_400.0


@dataclass(frozen=True)
class Limits:
    """Slow enough to be no burden to anybody, and an end to everything.

    ``connect`` and ``read`` are for one silence of a server, ``asking`` for one request, ``address`` for all requests
    for one address, ``run`` for the whole; ``pause`` lies between two requests to one host; ``tries`` are made of an
    address, ``backoff`` apart, doubled each time; a host that wants to be left alone longer than ``patience`` is;
    one whose last ``silences`` addresses timed out is not asked for more; ``good``, ``dead`` and ``unsure`` are how
    long an answer is remembered.
    """

    connect: float = 10.0
    read: float = 20.0
    asking: float = 30.0
    address: float = 90.0
    run: float = 1800.0
    pause: float = 1.0
    backoff: float = 2.0
    patience: float = 120.0
    tries: int = 3
    silences: int = 3
    hosts: int = 8
    redirects: int = 20
    body: int = 5_000_000
    good: float = 14 * _DAY
    dead: float = _DAY
    unsure: float = _DAY / 24
