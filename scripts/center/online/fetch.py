"""One request to one address, with an end to it whatever the server does. It gives a ``Reply``, and raises nothing.

Built on urllib3, which the site's own packages bring along already: no redirects, no retries, no cookies of its own.
"""

from __future__ import annotations

import codecs
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Literal, NamedTuple, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from center.links import html, url
from center.online.limits import Limits

#: Why there is no answer at all.
Trouble = Literal[
    "", "address", "name", "name later", "refused", "unreachable", "no connection", "certificate", "time", "broken"
]
Method = Literal["HEAD", "GET"]

#: Errors of ``getaddrinfo`` that say a name is not there; all others may pass.
_NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
#: A mark at the beginning says more of how a page is written than its server does.
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML = ("text/html", "application/xhtml+xml")


class Request(NamedTuple):
    """What is asked: ``read`` if the page itself is wanted, for its fragments."""

    address: str
    method: Method
    cookies: str = ""
    read: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back. ``whole`` is false if a page is longer than is read, or broke off; ``took`` is in seconds."""

    status: int = 0
    location: str = ""
    retry_after: str = ""
    cookies: tuple[str, ...] = ()
    challenge: bool = False
    html: str | None = None
    whole: bool = True
    trouble: Trouble = ""
    took: float = 0.0


_limit = threading.local()


def _left() -> float:
    """Seconds that the next word of a server may take. Raises TimeoutError if its time is up."""
    left: float = _limit.until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for this request is up")
    return min(left, float(_limit.read))


class _Plain(socket.socket):
    """A socket on which many small words do not stretch the time: each is waited for until the end of the whole."""

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(_left())
        return super().recv_into(*given, **named)


class _Secure(ssl.SSLSocket):
    """The same, encrypted."""

    def recv_into(self, *given: Any, **named: Any) -> int:
        self.settimeout(_left())
        return super().recv_into(*given, **named)


def _timed(plain: socket.socket) -> _Plain:
    timed = _Plain(plain.family, plain.type, plain.proto, fileno=plain.detach())
    timed.settimeout(_left())
    return timed


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _timed(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _timed(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def asked_as(address: str) -> tuple[str, str]:
    """An address apart as it is sent: the server with scheme and port, without a password; and what is asked of it.

    Raises ValueError if it is none.
    """
    whole = (url.normal(address) or "").partition("#")[0]
    found = re.fullmatch(r"(https?://)(?:[^/?@]*@)?([^/?@]+)(/[^#]*)", whole)
    if not found:
        raise ValueError("no address of the web")
    return found[1] + found[2], found[3]


@dataclass
class Fetcher:
    """Asks, under the name ``agent``. ``authorities`` is a file of certificates to trust beside the system's."""

    agent: str
    limits: Limits = field(default_factory=Limits)
    authorities: str | None = None

    def __post_init__(self) -> None:
        context = ssl.create_default_context()
        context.sslsocket_class = _Secure
        if self.authorities:
            context.load_verify_locations(self.authorities)
        self._pools = urllib3.PoolManager(num_pools=4 * self.limits.hosts, maxsize=1, ssl_context=context)
        self._pools.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def close(self) -> None:
        """Let go of all connections."""
        self._pools.clear()

    def __call__(self, request: Request) -> Reply:
        began = time.monotonic()
        _limit.until, _limit.read = began + self.limits.asking, self.limits.read
        try:
            reply = self._ask(request)
        except (HTTPError, HTTPException, OSError, ValueError) as error:  # ValueError: what http.client lets slip
            reply = Reply(trouble=_trouble(error))
        return Reply(**{**reply.__dict__, "took": time.monotonic() - began})

    def _ask(self, request: Request) -> Reply:
        try:
            server, target = asked_as(request.address)
        except ValueError:
            return Reply(trouble="address")
        headers = {"User-Agent": self.agent, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate"}
        if request.cookies:
            headers["Cookie"] = request.cookies
        response = self._pools.connection_from_url(server).urlopen(
            request.method,
            target,
            headers=headers,
            retries=False,
            redirect=False,
            preload_content=False,
            enforce_content_length=False,  # what came is looked at, though it is less than was promised
            timeout=urllib3.Timeout(connect=self.limits.connect, read=self.limits.read),
        )
        try:
            reply = _head(response)
            if request.read and request.method == "GET" and response.status // 100 == 2:
                html, whole = self._page(response)
                reply = Reply(**{**reply.__dict__, "html": html, "whole": whole})
            elif request.method == "HEAD":
                response.drain_conn()
            return reply
        finally:
            response.close()

    def _page(self, response: urllib3.BaseHTTPResponse) -> tuple[str | None, bool]:
        """The text of a page, None if it is none, and whether that is all of it."""
        kind, _, more = response.headers.get("Content-Type", "").lower().partition(";")
        if kind.strip() not in ("", *_HTML):
            return None, True
        body = bytearray()
        whole = True
        try:
            while len(body) <= self.limits.body and (piece := response.read(1 << 16)):
                body += piece
        except (HTTPError, HTTPException, OSError, ValueError):
            whole = False
        promised = response.headers.get("Content-Length", "")
        whole = whole and not (promised.isdecimal() and response.tell() < int(promised[:18]))
        if not kind.strip() and not bytes(body).lstrip().startswith(b"<"):
            return None, True
        return _decoded(bytes(body[: self.limits.body]), more), whole and len(body) <= self.limits.body


def _decoded(body: bytes, parameters: str) -> str:
    """The text of a page. A charset that is wrong or unknown costs no more than odd letters."""
    charset = parameters.partition("charset=")[2].strip(" \"';")
    try:
        return body.decode(charset) if charset and not body.startswith(_MARKS) else html.decode(body).text
    except (LookupError, ValueError):
        return html.decode(body).text


def _told(value: str) -> str:
    """A header as it was meant: http.client reads each byte as a letter, and many servers send UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _head(response: urllib3.BaseHTTPResponse) -> Reply:
    headers = response.headers
    return Reply(
        status=response.status,
        location=_told(headers.get("Location", "")).strip(),
        retry_after=headers.get("Retry-After", "").strip(),
        cookies=tuple(headers.getlist("Set-Cookie")),
        # Only what says that this very answer is a wall: who serves a page says nothing of whether it is there.
        challenge=headers.get("cf-mitigated", "").lower() == "challenge" or "x-amzn-waf-action" in headers,
    )


def _trouble(error: BaseException) -> Trouble:
    """What kind of trouble an error is."""
    chain = [error]
    while (below := chain[-1].__cause__ or chain[-1].__context__) and below not in chain:
        chain.append(below)
    if isinstance(error, NameResolutionError):
        codes = {one.args[0] for one in chain if isinstance(one, socket.gaierror)}
        return "name" if codes & _NO_NAME else "name later"
    if isinstance(error, NewConnectionError):
        return "refused" if any(isinstance(one, ConnectionRefusedError) for one in chain) else "unreachable"
    if isinstance(error, ConnectTimeoutError):
        return "no connection"
    if isinstance(error, SSLError):
        found = any(isinstance(one, ssl.SSLCertVerificationError) for one in chain)
        return "certificate" if found else _timed_out(chain) or "broken"
    if isinstance(error, UnicodeError):
        return "name"  # a host that no name can be made of
    return cast("Trouble", _timed_out(chain) or "broken")


def _timed_out(chain: list[BaseException]) -> Literal["", "time"]:
    return "time" if any(isinstance(one, (TimeoutError, urllib3.exceptions.TimeoutError)) for one in chain) else ""
