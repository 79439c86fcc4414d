"""Web servers that misbehave in every way we can name, on addresses of this machine alone.

What a path does is told by ``Server.paths``: bytes to send, or a function that is given the connection. A server that
hangs does so until whoever asked goes away, so that no test waits for a clock.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import trustme


@dataclass
class Connection:
    """One connection with the request that came: ``headers`` by lower-case name."""

    socket: socket.socket
    server: Server
    method: str
    target: str
    headers: Mapping[str, str]
    count: int
    leave: Callable[[], None]

    def send(self, *parts: bytes) -> None:
        self.leave()  # once the answer has begun, whoever asked may ask for more
        for part in parts:
            self.socket.sendall(part)

    def hang(self) -> None:
        """Say nothing more until the other side has gone."""
        while self.socket.recv(1 << 16):
            pass

    def drip(self, piece: bytes) -> None:
        """Say the same little thing again and again until the other side has gone."""
        while True:
            self.send(piece)
            self.server.closing.wait(0.01)
            if self.server.closing.is_set():
                return

    def reset(self) -> None:
        """End it the hard way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Behavior = bytes | Callable[[Connection], None]


def answer(status: str, *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    """A reply as it goes over the wire."""
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if length is None:
        length = len(body)
    if length >= 0:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def html(text: str | bytes, *headers: str, kind: str = "text/html; charset=utf-8") -> bytes:
    body = text.encode() if isinstance(text, str) else text
    return answer("200 OK", *([f"Content-Type: {kind}"] if kind else []), *headers, body=body)


def to(address: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(status, f"Location: {address}")


def by_method(head: Behavior, get: Behavior) -> Callable[[Connection], None]:
    return lambda connection: behave(head if connection.method == "HEAD" else get, connection)


def in_turn(*behaviors: Behavior) -> Callable[[Connection], None]:
    """Another answer each time, the last one from then on."""
    return lambda connection: behave(behaviors[min(connection.count, len(behaviors)) - 1], connection)


def behave(behavior: Behavior, connection: Connection) -> None:
    if isinstance(behavior, bytes):
        connection.send(behavior)
    else:
        behavior(connection)


def endless(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.send(b"<p>more</p>" * 1000)


def drip_headers(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\n")
    connection.drip(b"X: y\r\n"[:1])


def drip_body(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    connection.drip(b"<")


def cookie_wall(connection: Connection) -> None:
    """Sends on to itself until its cookie comes back, as many a publisher does."""
    if "seen=1" in connection.headers.get("cookie", ""):
        connection.send(html("<p id=here>"))
    else:
        connection.send(answer("302 Found", f"Location: {connection.target}", "Set-Cookie: seen=1; Path=/"))


def counting_cookie(connection: Connection) -> None:
    connection.send(answer("302 Found", f"Location: {connection.target}", f"Set-Cookie: n={connection.count}"))


PAGE = '<!doctype html><h1 id=risks>R</h1><a name="old">O</a><p id="café au lait">C</p><p id="user-content-part">'

PATHS: dict[str, Behavior] = {
    "/good": html(PAGE),
    "/latin": html("<p id=caf\xe9>".encode("latin-1"), kind="text/html; charset=iso-8859-1"),
    "/no-charset": html("<p id=caf\xe9>".encode("latin-1"), kind="text/html"),
    "/wrong-charset": html("<p id=café>", kind="text/html; charset=no-such"),
    "/no-type": html(PAGE, kind=""),
    "/no-type-text": html("words", kind=""),
    "/pdf": html("%PDF", kind="application/pdf"),
    "/gzip": html(gzip.compress(PAGE.encode()), "Content-Encoding: gzip"),
    "/gzip-broken": html(b"\x1f\x8bnonsense" * 9, "Content-Encoding: gzip"),
    "/huge": html("<p>word</p>" * 100_000 + "<p id=late>"),
    "/scripted": html('<script>const ids = ["made"]</script><p id=other>'),
    "/many-ids": html("".join(f"<p id=part-{n}>" for n in range(5_000))),
    "/no-content": answer("204 No Content"),
    "/partial": answer("206 Partial Content", "Content-Range: bytes 0-1/9", body=b"ab"),
    "/not-modified": answer("304 Not Modified"),
    "/continue": b"HTTP/1.1 100 Continue\r\n\r\n" + html(PAGE),
    "/old-http": b"HTTP/1.0 200 OK\r\n\r\n",
    "/head-404": by_method(answer("404 Not Found"), html(PAGE)),
    "/head-403": by_method(answer("403 Forbidden"), html(PAGE)),
    "/head-405": by_method(answer("405 Method Not Allowed", "Allow: GET"), html(PAGE)),
    "/head-501": by_method(answer("501 Not Implemented"), html(PAGE)),
    "/head-500": by_method(answer("500 Oh"), html(PAGE)),
    "/head-hangs": by_method(Connection.hang, html(PAGE)),
    "/head-resets": by_method(Connection.reset, html(PAGE)),
    "/head-moved": by_method(to("/good", "301 Moved Permanently"), html(PAGE)),
    "/head-loops": by_method(to("/head-loops"), html(PAGE)),
    "/head-with-body": by_method(answer("200 OK", body=b"a body that HEAD must not have"), html(PAGE)),
    "/404": answer("404 Not Found"),
    "/410": answer("410 Gone"),
    "/400": answer("400 Bad Request"),
    "/401": answer("401 Unauthorized", 'WWW-Authenticate: Basic realm="r"'),
    "/403": answer("403 Forbidden"),
    "/403-challenge": answer("403 Forbidden", "cf-mitigated: challenge", "Server: cloudflare"),
    "/404-served-by": answer("404 Not Found", "Server: cloudflare", "cf-ray: 1-FRA"),
    "/404-challenge": answer("404 Not Found", "cf-mitigated: challenge"),
    "/451": answer("451 Unavailable For Legal Reasons"),
    "/500": answer("500 Oh"),
    "/503": answer("503 Later"),
    "/503-once": in_turn(answer("503 Later"), html(PAGE)),
    "/500-once": by_method(html(PAGE), in_turn(answer("500 Oh"), html(PAGE))),
    "/999": answer("999 Request denied"),
    "/429": answer("429 Slow Down"),
    "/429-now": in_turn(answer("429 Slow Down", "Retry-After: 0"), html(PAGE)),
    "/429-seconds": in_turn(answer("429 Slow Down", "Retry-After: 7"), html(PAGE)),
    "/429-date": in_turn(answer("429 Slow Down", "Retry-After: Sun, 22 Nov 2026 12:00:30 GMT"), html(PAGE)),
    "/429-past": in_turn(answer("429 Slow Down", "Retry-After: Sun, 22 Nov 1999 12:00:30 GMT"), html(PAGE)),
    "/429-nonsense": in_turn(answer("429 Slow Down", "Retry-After: soon, I think"), html(PAGE)),
    "/429-long": answer("429 Slow Down", "Retry-After: 86400"),
    "/moved": to("/good", "301 Moved Permanently"),
    "/moved-308": to("/good", "308 Permanent Redirect"),
    "/moved-twice": to("/moved", "301 Moved Permanently"),
    "/moved-then-found": to("/found", "301 Moved Permanently"),
    "/moved-to-gone": to("/404", "301 Moved Permanently"),
    "/moved-to-part": to("/good#risks", "301 Moved Permanently"),
    "/moved-odd": to("/caf\xe9 au lait?x=ü", "301 Moved Permanently"),
    "/caf%C3%A9%20au%20lait?x=%C3%BC": html(PAGE),
    "/found": to("/good"),
    "/see-other": to("good", "303 See Other"),
    "/temporary": to("./x/../good", "307 Temporary Redirect"),
    "/query-only": to("?a=b"),
    "/query-only?a=b": html(PAGE),
    "/itself": to("/itself"),
    "/itself-part": to("/itself-part#x"),
    "/round": to("/round-2"),
    "/round-2": to("/round"),
    "/cookie-wall": cookie_wall,
    "/counting-cookie": counting_cookie,
    "/nowhere": answer("302 Found"),
    "/choices": answer("300 Multiple Choices"),
    "/to-mail": to("mailto:someone@example.org"),
    "/to-file": to("file:///etc/passwd"),
    "/to-script": to("javascript:alert(1)"),
    "/to-nonsense": to("http://[::1"),
    "/hangs": Connection.hang,
    "/drips-headers": drip_headers,
    "/drips-body": drip_body,
    "/closes": b"",
    "/closes-early": b"HTTP/1.1 2",
    "/closes-after-status": b"HTTP/1.1 200",
    "/closes-in-headers": b"HTTP/1.1 200 OK\r\nContent-Type: text/ht",
    "/resets": Connection.reset,
    "/too-short": answer("200 OK", "Content-Type: text/html", body=PAGE.encode(), length=100_000),
    "/bad-length": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\n" + PAGE.encode(),
    "/bad-chunks": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "/endless": endless,
    "/no-status": b"hello\r\n\r\n",
    "/odd-status": b"HTTP/1.1 abc Odd\r\n\r\n",
    "/status-0": b"HTTP/1.1 000 None\r\n\r\n",
    "/status-1000": b"HTTP/1.1 1000 Many\r\n\r\n",
    "/early-hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" + html(PAGE),
    "/switching": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "/many-headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    "/long-header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
    "/no-colon": b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
    "/binary": bytes(range(256)) * 10,
}


@dataclass
class Server:
    """A server on one address of this machine. ``asked`` is what came; ``most`` how many were waiting
    for an answer at one time."""

    address: str = "127.0.0.1"
    context: ssl.SSLContext | None = None
    paths: dict[str, Behavior] = field(default_factory=lambda: dict(PATHS))
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    most: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._now: set[object] = set()
        self._lock = threading.Condition()
        self._counts: Counter[str] = Counter()
        self._listener = socket.create_server((self.address, 0))
        self.port: int = self._listener.getsockname()[1]

    def __getitem__(self, path: str) -> str:
        """The address of a path."""
        return f"http{'s' if self.context else ''}://{self.address}:{self.port}{path}"

    def targets(self) -> list[str]:
        """What was asked for, in order, as "METHOD /path"."""
        with self._lock:
            return [f"{method} {target}" for method, target, _ in self.asked]

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait until something is true of what was asked."""
        with self._lock:
            assert self._lock.wait_for(ready, 60)

    def serve(self) -> None:
        while True:
            try:
                one, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(one,), daemon=True).start()

    def _serve(self, one: socket.socket) -> None:
        with suppress(OSError), one:
            if self.context:
                with self.context.wrap_socket(one, server_side=True) as secure:
                    self._answer(secure)
            else:
                self._answer(one)

    def _answer(self, one: socket.socket) -> None:
        said = b""
        while b"\r\n\r\n" not in said:
            piece = one.recv(1 << 16)
            if not piece:
                return
            said += piece
            if not said[:1].isalpha():  # what is meant for a secure server
                one.sendall(answer("400 Bad Request"))
                return
        first, *lines = said.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        with self._lock:
            here = object()
            self._now.add(here)
            self.most = max(self.most, len(self._now))
            self.asked.append((method, target, headers))
            self._counts[target] += 1
            count = self._counts[target]
            self._lock.notify_all()

        def leave() -> None:
            with self._lock:
                self._now.discard(here)

        behavior = self.paths.get(target, answer("404 Not Found"))
        try:
            with suppress(OSError):
                behave(behavior, Connection(one, self, method, target, headers, count, leave))
        finally:
            leave()

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def running(address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server, as long as it is needed."""
    server = Server(address, context)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def certificate(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """What a server needs to be secure under some names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context
