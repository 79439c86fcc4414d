"""What a reply means: ask again, ask elsewhere, or an end, in words. It asks nobody itself, and knows no clock.

An answer to HEAD is believed only when it says that all is well; anything else is asked again with GET, from the
beginning. What a robot is told and a reader may not be told is "unsure", never "dead": a link that works must not be
called dead.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from center.links import fragment, html, url
from center.online.fetch import Method, Reply, Request, Trouble
from center.online.limits import Limits
from center.outside import Seen, host

#: No such page, whoever asks.
_GONE = (404, 410)
#: A page that readers may well get, but robots do not.
_WALLS = (401, 402, 403, 406, 418, 429, 451, 503, 999)
#: What may be better in a moment.
_LATER = (429, 500, 502, 503, 504)
_PASSING: tuple[Trouble, ...] = ("name later", "refused", "unreachable", "no connection", "time", "broken")
#: Trouble that all addresses of a host share.
_WHOLE: tuple[Trouble, ...] = ("name", "name later", "refused", "unreachable", "no connection", "certificate")
_TROUBLE: dict[Trouble, str] = {
    "address": "this is no address that can be asked",
    "name": "there is no host of this name",
    "name later": "the name of the host could not be looked up",
    "refused": "the host refuses any connection",
    "unreachable": "no way leads to the host",
    "no connection": "the host does not answer",
    "certificate": "its certificate is not one that a browser trusts",
    "time": "the server takes too long",
    "broken": "the server breaks off, or answers in no form that can be read",
}
#: Registers of lasting names: that they lead on shows that what is named exists, wherever it is kept now.
_REGISTERS = ("doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net")


#: Lines of a file as pages of source code name them: a script reads that, and no element has such an id.
_LINES = re.compile(r"L\d+(C\d+)?(-L\d+(C\d+)?)?")


@dataclass
class Inquiry:
    """One page outside on its way to an answer."""

    page: str
    fragments: frozenset[str] = frozenset()
    at: str = ""
    method: Method = "GET"
    tries: int = 1
    spent: float = 0.0
    hops: list[tuple[int, str]] = field(default_factory=list)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.begin("GET" if self.fragments else "HEAD")

    def begin(self, method: Method) -> None:
        """Set out anew, in another way."""
        self.method, self.at, self.tries = method, self.page, 1
        self.hops, self.cookies, self.met = [], {}, set()

    @property
    def request(self) -> Request:
        """What is to be asked next."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.get(host(self.at), {}).items())
        return Request(self.at, self.method, jar, read=bool(self.fragments))


class Go(NamedTuple):
    """Ask again, after some seconds; ``hold`` if all others at this host must wait as long."""

    wait: float = 0.0
    hold: bool = False


class End(NamedTuple):
    """The answer. ``shared`` if every address of the host, asked now, would get the same; ``reached`` says whether
    there is a network, None if that cannot be told from it.
    """

    seen: Seen
    shared: bool = False
    reached: bool | None = True


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a server asks us to wait: a number, or a date. None for nothing, or nonsense."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())


def hear(inquiry: Inquiry, reply: Reply, limits: Limits, now: datetime, random: Callable[[], float]) -> Go | End:
    """What follows from a reply. ``random`` gives from 0 to 1: all who were turned away must not return at once."""
    inquiry.spent += reply.took
    if inquiry.spent > limits.address:
        return _unsure(inquiry, _TROUBLE["time"])
    waits = reply.status == HTTPStatus.TOO_MANY_REQUESTS or (reply.status in _LATER and bool(reply.retry_after))
    if inquiry.method == "HEAD" and (
        reply.trouble in ("time", "broken") or (reply.status // 100 not in (0, 2, 3) and not waits)
    ):
        inquiry.begin("GET")
        return Go()
    if reply.trouble in _PASSING or reply.status in _LATER:
        asked = retry_after(reply.retry_after, now)
        wait = max(asked or 0.0, limits.backoff * 2 ** (inquiry.tries - 1) * (0.5 + random() / 2))
        if asked == 0:
            wait = 0.0
        if inquiry.tries < limits.tries and wait <= limits.patience:
            inquiry.tries += 1
            return Go(wait, hold=asked is not None)
    if reply.trouble:
        return given_up(inquiry, reply)
    if reply.status // 100 == 3 and reply.status != HTTPStatus.NOT_MODIFIED and reply.location:
        return _led_on(inquiry, reply, limits)
    end = given_up(inquiry, reply)
    if inquiry.method == "HEAD" and end.seen != Seen("good") and not waits:
        inquiry.begin("GET")
        return Go()
    return end


def given_up(inquiry: Inquiry, reply: Reply) -> End:
    """The answer, if nothing more is asked."""
    trouble = reply.trouble
    if not trouble:
        return _ended(inquiry, reply)
    dead = trouble in ("address", "name", "refused")
    seen = Seen("dead" if dead else "unsure", _after(inquiry) + _TROUBLE[trouble])
    reached = None if trouble == "address" else trouble in ("certificate", "refused", "time", "broken")
    return End(seen, trouble in _WHOLE, reached)


def _unsure(inquiry: Inquiry, why: str, *, shared: bool = False) -> End:
    return End(Seen("unsure", _after(inquiry) + why), shared)


def _after(inquiry: Inquiry) -> str:
    """Where it led before it went wrong."""
    return f"it leads to '{_clean(inquiry.at)}', and there " if inquiry.hops else ""


def _clean(address: str) -> str:
    """An address as it can be pasted: escaped, on one line."""
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]")


def _led_on(inquiry: Inquiry, reply: Reply, limits: Limits) -> Go | End:
    """Follow a redirect."""
    jar = inquiry.cookies.setdefault(host(inquiry.at), {})
    for cookie in reply.cookies:
        name, _, value = cookie.partition(";")[0].partition("=")
        if name.strip() and len(jar) < 50:
            jar[name.strip()] = value.strip()
    before = inquiry.at
    found = url.resolve(reply.location, before)
    if found is None:
        return _ask_in_full(inquiry) or _unsure(inquiry, f"it leads on to '{_clean(reply.location)}', no address")
    to, scheme = found.partition("#"), url.scheme(found)
    if scheme not in ("http", "https"):
        return _ask_in_full(inquiry) or _unsure(inquiry, f"it leads on to '{scheme}:', not to a page")
    inquiry.hops.append((reply.status, to[0] + (f"#{to[2]}" if to[2] else "")))
    inquiry.at, inquiry.tries = to[0], 1
    state = (to[0], repr(sorted(inquiry.cookies.get(host(to[0]), {}).items())))
    if state in inquiry.met or (to[0] == before and not reply.cookies):
        return _ask_in_full(inquiry) or _unsure(inquiry, "it leads in a circle, perhaps only a robot")
    inquiry.met.add(state)
    if len(inquiry.hops) > limits.redirects:
        return _ask_in_full(inquiry) or _unsure(inquiry, f"it leads on more than {limits.redirects} times")
    return Go()


def _ask_in_full(inquiry: Inquiry) -> Go | None:
    """What HEAD led to is asked for with GET before it is told."""
    if inquiry.method == "GET":
        return None
    inquiry.begin("GET")
    return Go()


def _ended(inquiry: Inquiry, reply: Reply) -> End:
    """The end of the way: a status that leads nowhere else."""
    status = reply.status
    if status // 100 == 2:
        return End(
            Seen(
                "good",
                moved=_moved(inquiry),
                insecure=_insecure(inquiry),
                places={one: _place(one, reply) for one in sorted(inquiry.fragments)},
            )
        )
    if status in _WALLS and inquiry.hops and host(inquiry.page) in _REGISTERS and host(inquiry.at) not in _REGISTERS:
        return End(Seen("good", known=True, places=dict.fromkeys(sorted(inquiry.fragments), ("unsure", ""))))
    if status in _GONE and not reply.challenge:
        return End(Seen("dead", f"{_after(inquiry)}there is no such page ({status})"))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _unsure(inquiry, f"the host wants to be left alone for now ({status})", shared=True)
    if status == HTTPStatus.UNAUTHORIZED:
        return _unsure(inquiry, f"the server asks for a password ({status})")
    if reply.challenge or status in _WALLS:
        return _unsure(inquiry, f"the server turns robots away, and perhaps not readers ({status})")
    if status // 100 == 3:
        return _unsure(inquiry, f"the server says that the page is elsewhere, and not where ({status})")
    said = "has trouble of its own" if status // 100 == 5 else "answers what no page answers"
    return _unsure(inquiry, f"the server {said} ({status})")


def _moved(inquiry: Inquiry) -> str:
    """Where a page has gone for good: as far as the way leads by redirects that say so, "" if it does not."""
    to, was = "", inquiry.page
    for status, address in inquiry.hops:
        if status not in (301, 308) or (host(was) in _REGISTERS and host(address) not in _REGISTERS):
            break
        to = was = address
    return "" if _clean(to) == _clean(inquiry.page) else _clean(to)


def _insecure(inquiry: Inquiry) -> str:
    """Where a secure address ends without being one."""
    secure = inquiry.page.lower().startswith("https:")
    return _clean(inquiry.at) if secure and inquiry.at.lower().startswith("http:") else ""


def _place(name: str, reply: Reply) -> tuple[str, str]:
    """Whether a fragment is a place on the page, as a browser looks for it: raw, then decoded, then the top.

    What scripts make of a page is not seen. An address that a script reads, and a name that one of them holds,
    are not called missing.
    """
    meant = fragment.decoded(name)
    if reply.html is None or meant[:1] in ("", "/", "!") or _LINES.fullmatch(meant):
        return "there", ""
    ids = frozenset(html.read(reply.html, "about:blank").ids)
    if fragment.leads(name, ids) or {f"user-content-{meant}", f"user-content-{meant.lower()}"} & ids:
        return "there", ""
    if not reply.whole or (meant in reply.html and _in_scripts(meant, reply.html)):
        return "unsure", ""
    close = difflib.get_close_matches(meant, sorted(one for one in ids if len(one) < 200)[:2000], n=1)
    return "missing", close[0] if close else ""


def _in_scripts(name: str, text: str) -> bool:
    """Whether a script of a page holds a name as a word of its own."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(word.search(element.text) for element in html.read(text, "about:blank").tree.select("script"))
