"""Asking addresses outside: every way in which a server may misbehave, and how politely all of them are asked."""

from __future__ import annotations

import json
import queue
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from center.links.web import Outside
from center.online import fetch, session, verdict
from center.online.ask import Clock, Heard, Replies, ask
from center.online.limits import Limits
from center.online.memory import Memory
from center.online.schedule import Schedule
from center.outside import Seen

from tests import misbehaving
from tests.misbehaving import Server, html, to

#: Short enough that no test is slow, long enough that nothing that answers is taken for silent.
LIMITS = Limits(connect=20, read=20, asking=20, address=1000, body=200_000, tries=3, backoff=2, pause=1)
#: For what never answers.
SHORT = replace(LIMITS, read=0.2, asking=0.2)
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


class Still(Clock):
    """A clock on which time passes only when somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def today(self) -> datetime:
        return NOON + timedelta(seconds=self.time)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def heard(self, replies: Replies, until: float) -> tuple[verdict.Inquiry, fetch.Reply | BaseException]:
        return replies.get(timeout=60)


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    with misbehaving.running() as server:
        yield server


@pytest.fixture
def server() -> Iterator[Server]:
    with misbehaving.running() as one:
        yield one


def run(
    *addresses: str,
    limits: Limits = LIMITS,
    clock: Clock | None = None,
    memory: Memory | None = None,
    file: Path | None = None,
    **more: Any,
) -> Heard:
    """Ask these addresses, in a time that stands still."""
    fetcher = fetch.Fetcher("tests", limits, more.pop("authorities", None))
    clock = clock or Still()
    memory = memory or Memory(Path("/dev/null") if file is None else file, limits)
    if file is None and memory.file == Path("/dev/null"):
        memory = _Forgetful(memory.file, limits)
    places = [Outside(address, "a.md", 1, 1, address) for address in addresses]
    try:
        return ask(
            session.wanted(places), fetcher, memory, limits=limits, clock=clock, chance=more.pop("chance", lambda: 1.0)
        )
    finally:
        fetcher.close()


class _Forgetful(Memory):
    """A memory without a file."""

    def __enter__(self) -> Memory:
        return self


def one(address: str, **options: Any) -> Seen:
    """What one address answers."""
    return next(iter(run(address, **options).seen.values()))


# What a server answers


@pytest.mark.parametrize(
    "path",
    [
        "/good", "/no-content", "/partial", "/continue", "/old-http", "/pdf", "/no-type", "/gzip", "/gzip-broken",
        "/huge", "/endless", "/too-short", "/no-colon", "/head-404", "/head-403", "/head-405", "/head-501", "/head-500",
        "/head-resets", "/head-moved", "/head-loops", "/head-with-body", "/found", "/see-other", "/temporary",
        "/query-only", "/503-once", "/500-once", "/429-now", "/429-seconds", "/429-date", "/429-past",
        "/429-nonsense", "/cookie-wall", "/drips-body", "/closes-after-status", "/closes-in-headers",
    ],
)  # fmt: skip
def test_an_address_that_works_is_never_reported(served: Server, path: str) -> None:
    assert one(served[path]) == Seen("good")


@pytest.mark.parametrize("path", ["/404", "/404-served-by", "/410", "/moved-to-gone", "/nothing-like-it"])
def test_what_is_gone_is_dead(served: Server, path: str) -> None:
    seen = one(served[path])
    assert seen.sort == "dead"
    assert "there is no such page (4" in seen.why
    assert ("it leads to" in seen.why) == path.startswith("/moved")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/400", "what no page answers (400)"),
        ("/401", "a password (401)"),
        ("/403", "turns robots away, and perhaps not readers (403)"),
        ("/403-challenge", "turns robots away, and perhaps not readers (403)"),
        ("/404-challenge", "turns robots away, and perhaps not readers (404)"),
        ("/451", "(451)"),
        ("/999", "turns robots away, and perhaps not readers (999)"),
        ("/429", "left alone for now (429)"),
        ("/429-long", "left alone for now (429)"),
        ("/500", "trouble of its own (500)"),
        ("/503", "(503)"),
        ("/not-modified", "elsewhere, and not where (304)"),
        ("/nowhere", "elsewhere, and not where (302)"),
        ("/choices", "elsewhere, and not where (300)"),
        ("/itself", "in a circle"),
        ("/itself-part", "in a circle"),
        ("/round", "in a circle"),
        ("/counting-cookie", "leads on more than 20 times"),
        ("/to-mail", "leads on to 'mailto:', not to a page"),
        ("/to-file", "leads on to 'file:', not to a page"),
        ("/to-script", "leads on to 'javascript:', not to a page"),
        ("/to-nonsense", "no address"),
        ("/early-hints", "what no page answers (103)"),
        ("/switching", "what no page answers (101)"),
        *((path, "breaks off, or answers in no form") for path in (
            "/closes", "/closes-early", "/resets", "/no-status", "/odd-status", "/status-0", "/status-1000",
            "/many-headers", "/long-header", "/binary",
        )),
    ],
)  # fmt: skip
def test_what_may_work_for_readers_is_unsure(served: Server, path: str, why: str) -> None:
    seen = one(served[path])
    assert seen.sort == "unsure", seen
    assert why in seen.why


@pytest.mark.parametrize("path", ["/hangs", "/drips-headers"])
def test_a_server_that_never_ends_is_left(served: Server, path: str) -> None:
    """However it stretches the time: a word each moment is not enough."""
    limits = SHORT if path == "/hangs" else replace(SHORT, read=600)
    assert one(served[path], limits=limits).why == "the server takes too long"


def test_a_page_that_drips_is_read_no_longer_than_a_request_may_take(served: Server) -> None:
    seen = one(served["/drips-body#risks"], limits=replace(LIMITS, asking=1))
    assert seen == Seen("good", places={"risks": ("unsure", "")})


def test_one_address_is_not_asked_forever(served: Server) -> None:
    limits = replace(LIMITS, address=0)
    assert one(served["/good"], limits=limits).why == "the server takes too long"


def test_the_host_that_hangs_at_head_is_asked_with_get(server: Server) -> None:
    limits = replace(LIMITS, read=2, asking=2)
    assert one(server["/head-hangs"], limits=limits).sort == "good"
    assert server.targets() == ["HEAD /head-hangs", "GET /head-hangs"]


# Which way it leads


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("/moved", "/good"),
        ("/moved-308", "/good"),
        ("/moved-twice", "/good"),
        ("/moved-then-found", "/found"),
        ("/moved-to-part", "/good#risks"),
        ("/moved-odd", "/caf%C3%A9%20au%20lait?x=%C3%BC"),
    ],
)
def test_a_page_moved_for_good_is_told_with_its_new_address(served: Server, path: str, moved: str) -> None:
    assert one(served[path]) == Seen("good", moved=served[moved])


def test_redirects_are_read_as_browsers_do(server: Server) -> None:
    other = f"//127.0.0.1:{server.port}/good"
    server.paths |= {"/other": to(other), "/upper": to(server["/good"].replace("http", "HTTP", 1))}
    assert one(server["/other"]).sort == "good"
    assert one(server["/upper"]).sort == "good"


def test_a_cookie_is_sent_back_to_its_own_host_alone(server: Server) -> None:
    with misbehaving.running("127.0.0.2") as other:
        server.paths["/set"] = misbehaving.answer("302 Found", f"Location: {other['/good']}", "Set-Cookie: a=b")
        assert one(server["/set"]).sort == "good"
        assert [headers.get("cookie") for _, _, headers in other.asked] == [None]


# Fragments


@pytest.mark.parametrize(
    ("fragment", "state"),
    [
        ("risks", ("there", "")),
        ("old", ("there", "")),
        ("caf%C3%A9%20au%20lait", ("there", "")),
        ("café au lait", ("there", "")),
        ("part", ("there", "")),
        ("top", ("there", "")),
        ("TOP", ("there", "")),
        ("!/route", ("there", "")),
        ("/route", ("there", "")),
        ("L10", ("there", "")),
        ("L10C1-L12C3", ("there", "")),
        ("risk", ("missing", "risks")),
        ("Risks", ("missing", "risks")),
        ("zzzz", ("missing", "")),
        ("%", ("missing", "")),
    ],
)
def test_a_fragment_is_looked_for_as_a_browser_does(served: Server, fragment: str, state: tuple[str, str]) -> None:
    assert one(f"{served['/good']}#{fragment}").places == {fragment: state}


@pytest.mark.parametrize("path", ["/latin", "/no-charset", "/wrong-charset"])
def test_a_fragment_is_found_in_any_charset(served: Server, path: str) -> None:
    assert one(served[f"{path}#café"]).places == {"café": ("there", "")}


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/gzip#risks", "there"),
        ("/no-type#risks", "there"),
        ("/no-type-text#risks", "there"),
        ("/pdf#page=3", "there"),
        ("/too-short#risks", "there"),
        ("/bad-length#risks", "there"),
        ("/found#risks", "there"),
        ("/cookie-wall#here", "there"),
        ("/no-content#risks", "there"),
        ("/too-short#gone", "unsure"),
        ("/gzip-broken#risks", "unsure"),
        ("/bad-chunks#risks", "unsure"),
        ("/huge#late", "unsure"),
        ("/endless#late", "unsure"),
        ("/scripted#made", "unsure"),
        ("/scripted#mad", "missing"),
        ("/many-ids#part-4999", "there"),
        ("/many-ids#part-5000", "missing"),
    ],
)
def test_a_fragment_nobody_can_look_for_is_not_called_missing(served: Server, path: str, state: str) -> None:
    seen = one(served[path])
    assert seen.sort == "good"
    assert [found for found, _ in seen.places.values()] == [state]


def test_a_text_directive_is_no_fragment(server: Server) -> None:
    assert one(f"{server['/good']}#:~:text=words") == Seen("good")
    assert one(f"{server['/good']}#risks:~:text=words").places == {"risks": ("there", "")}


def test_a_page_is_asked_for_once_for_all_its_fragments(server: Server) -> None:
    heard = run(*(server[f"/good{part}"] for part in ("", "#risks", "#old", "#gone", "#:~:text=x")))
    assert server.targets() == ["GET /good"]
    assert set(heard.seen[server["/good"]].places) == {"risks", "old", "gone"}


# What is asked


def test_who_asks_says_who_it_is(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_URL", "https://example.org/repository")
    fetch.Fetcher(session.agent("a-center"), LIMITS)(fetch.Request(server["/good"], "GET"))
    _, _, headers = server.asked[0]
    assert headers["user-agent"] == (
        "a-center-link-check/1 (asks whether links still work; +https://example.org/repository)"
    )
    monkeypatch.delenv("REPO_URL")
    assert session.agent("a-center") == "a-center-link-check/1 (asks whether links still work)"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("HTTP://{}/good", "/good"),
        ("Http://{}/good#", "/good"),
        ("http://{}", "/"),
        ("http://{}?a=b", "/?a=b"),
        ("http://{}/a b?c d=é", "/a%20b?c%20d=%C3%A9"),
        ("http://{}/100%", "/100%25"),
        ("http://{}/a%2Fb", "/a%2Fb"),
        ("  http://{}/good ", "/good"),
        ("http://{}/" + "x" * 60_000, "/" + "x" * 60_000),
    ],
    ids=lambda text: text[:24],
)
def test_an_address_is_sent_as_a_browser_sends_it(server: Server, address: str, target: str) -> None:
    one(address.format(f"127.0.0.1:{server.port}"))
    assert server.asked[0][1] == target


def test_a_password_in_an_address_is_sent_to_nobody(server: Server) -> None:
    assert one(server["/good"].replace("//", "//me:secret@")).sort == "good"
    assert "authorization" not in server.asked[0][2]


@pytest.mark.parametrize("address", ["http://", "http://[::1", "http://a b/", "http://1.2.3.4:99999/"])
def test_what_is_no_address_is_dead(address: str) -> None:
    heard = run(address)
    assert [seen.sort for seen in heard.seen.values()] == ["dead"]
    assert heard.unreached == {}, "no network is needed to see that"


# Names, ports and certificates


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A register of names of our own; what was looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, *given: Any, **named: Any) -> Any:
        asked.append(host)
        if host.startswith("gone"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if host.startswith("later"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1", *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_host_that_is_not_there_is_dead_if_there_is_a_network(server: Server, names: list[str]) -> None:
    heard = run("http://gone.test/a", server["/good"], "http://gone.test/b", "http://later.test/")
    assert {page: (seen.sort, seen.host) for page, seen in heard.seen.items()} == {
        "http://gone.test/a": ("dead", "gone.test"),
        "http://gone.test/b": ("dead", "gone.test"),
        "http://later.test/": ("unsure", "later.test"),
        server["/good"]: ("good", ""),
    }
    assert heard.unreached == {}
    assert names.count("gone.test") == 1, "what is known of a host is not asked again"
    assert names.count("later.test") == LIMITS.tries


def test_without_a_network_nothing_is_called_dead(names: list[str], tmp_path: Path) -> None:
    file = tmp_path / "memory"
    heard = run(*(f"http://gone{host}.test/{path}" for host in range(3) for path in range(9)), file=file)
    assert {seen.sort for seen in heard.seen.values()} == {"unsure"}
    assert sorted(heard.unreached) == ["gone0.test", "gone1.test", "gone2.test"]
    assert len(names) == 3
    assert Memory.load(file, LIMITS, NOON.timestamp()).known == {}, "and none of it is remembered"


@pytest.mark.parametrize("written", ["bücher.test", "BÜCHER.test", "xn--bcher-kva.test", "bu\u0308cher.test"])
def test_a_host_beyond_ascii_is_asked_by_its_true_name(server: Server, names: list[str], written: str) -> None:
    assert one(f"http://{written}:{server.port}/good").sort == "good"
    assert names == ["xn--bcher-kva.test"]


def test_a_numeric_address_of_the_new_kind(server: Server, names: list[str]) -> None:
    assert one(f"http://[::1]:{server.port}/good").sort == "good"
    assert server.asked[0][2]["host"] == f"[::1]:{server.port}"


def test_a_closed_port_is_dead() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    seen = one(f"http://127.0.0.1:{port}/")
    assert (seen.sort, seen.why, seen.host) == ("dead", "the host refuses any connection", "127.0.0.1")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return str(tmp_path / "authority.pem")


def test_a_certificate_is_checked_as_a_browser_does(authority: trustme.CA, trusted: str) -> None:
    def answered(context: Any) -> tuple[str, str]:
        with misbehaving.running(context=context) as server:
            seen = one(server["/good#risks"], authorities=trusted)
            return seen.sort, seen.why or seen.places["risks"][0]

    assert answered(misbehaving.certificate(authority, "127.0.0.1")) == ("good", "there")
    refused = ("unsure", "its certificate is not one that a browser trusts")
    assert answered(misbehaving.certificate(trustme.CA(), "127.0.0.1")) == refused
    assert answered(misbehaving.certificate(authority, "other.test")) == refused


def test_a_server_that_is_not_secure_at_all(server: Server) -> None:
    seen = one(server["/good"].replace("http:", "https:"))
    assert seen.sort == "unsure"
    assert "breaks off" in seen.why


@pytest.mark.parametrize("behavior", [misbehaving.Connection.hang, misbehaving.drip_headers])
def test_a_secure_server_that_never_ends_is_left(
    authority: trustme.CA, trusted: str, behavior: Callable[[misbehaving.Connection], None]
) -> None:
    with misbehaving.running(context=misbehaving.certificate(authority, "127.0.0.1")) as server:
        server.paths["/slow"] = behavior
        limits = replace(LIMITS, asking=1, tries=1)
        assert one(server["/slow"], authorities=trusted, limits=limits).why == "the server takes too long"


def test_a_secure_address_that_ends_without_being_one(server: Server, authority: trustme.CA, trusted: str) -> None:
    with misbehaving.running(context=misbehaving.certificate(authority, "127.0.0.1")) as secure:
        secure.paths["/down"] = to(server["/good"])
        secure.paths["/down-and-up"] = to(server["/up"])
        server.paths["/up"] = to(secure["/good"])
        assert one(secure["/down"], authorities=trusted) == Seen("good", insecure=server["/good"])
        assert one(secure["/down-and-up"], authorities=trusted) == Seen("good")
        assert one(server["/up"], authorities=trusted) == Seen("good")


# Lasting names


@pytest.mark.parametrize(
    ("path", "sort", "known"), [("/403", "good", True), ("/good", "good", False), ("/404", "dead", False)]
)
def test_a_register_of_names_vouches_for_pages_that_turn_robots_away(
    server: Server, names: list[str], path: str, sort: str, known: bool
) -> None:
    server.paths["/10.1000/1"] = to(f"http://publisher.test:{server.port}{path}")
    seen = one(f"http://doi.org:{server.port}/10.1000/1")
    assert (seen.sort, seen.known) == (sort, known)


def test_a_lasting_name_is_never_called_moved(server: Server, names: list[str]) -> None:
    server.paths["/10.1000/1"] = to(f"http://publisher.test:{server.port}/good", "301 Moved Permanently")
    assert one(f"http://doi.org:{server.port}/10.1000/1") == Seen("good")


def test_a_name_that_its_register_does_not_know_is_dead(server: Server, names: list[str]) -> None:
    assert one(f"http://doi.org:{server.port}/10.1000/none").sort == "dead"


# How politely


def test_hosts_are_asked_side_by_side_and_each_host_one_at_a_time() -> None:
    """The first page of each host answers only when all hosts have been asked."""
    servers: list[Server] = []

    def together(connection: misbehaving.Connection) -> None:
        for other in servers:
            other.wait(lambda other=other: bool(other.asked))  # type: ignore[misc]
        connection.send(html("x"))

    with (
        misbehaving.running("127.0.0.1") as a,
        misbehaving.running("127.0.0.2") as b,
        misbehaving.running("127.0.0.3") as c,
    ):
        servers += [a, b, c]
        for server in servers:
            server.paths["/together"] = together
        pages = [server[path] for path in ("/together", "/good", "/found", "/404") for server in servers]
        clock = Still()
        run(*pages, clock=clock)
        assert [server.most for server in servers] == [1, 1, 1]
        assert [len(server.asked) for server in servers] == [6, 6, 6]
        assert clock.time >= 5 * LIMITS.pause


def test_one_host_by_two_ports_is_one_host() -> None:
    with misbehaving.running() as a, misbehaving.running() as b:
        clock = Still()
        run(a["/good"], b["/good"], clock=clock)
        assert clock.time == LIMITS.pause


def test_only_so_many_hosts_at_a_time() -> None:
    schedule: Schedule[str] = Schedule(1)
    for host in "abc":
        schedule.add(host, host, 0)
    assert [schedule.take(0), schedule.take(0), schedule.take(0), schedule.take(0)] == [
        ("a", "a"), ("b", "b"), ("c", "c"), None,
    ]  # fmt: skip


def test_a_schedule_keeps_the_pause_and_the_order() -> None:
    schedule: Schedule[str] = Schedule(2)
    for job in ("a1", "a2", "a3"):
        schedule.add("a", job, 0)
    schedule.add("b", "b1", 5)
    assert schedule.take(0) == ("a", "a1")
    assert schedule.next() == 5, "a host that is busy has no next"
    assert schedule.take(4) is None
    schedule.done("a", 1)
    assert schedule.next() == 3
    assert schedule.take(2.9) is None
    assert schedule.take(3) == ("a", "a2")
    schedule.done("a", 3, hold=60)
    assert schedule.take(10) == ("b", "b1")
    assert schedule.take(62) is None
    assert schedule.take(63) == ("a", "a3")
    assert schedule.next() is None


@pytest.mark.parametrize(
    ("path", "waits"),
    [("/429-now", 1), ("/429-seconds", 7), ("/429-date", 30), ("/429-past", 1), ("/429-nonsense", 2), ("/503-once", 1)],
)
def test_a_server_says_how_long_to_wait(server: Server, path: str, waits: float) -> None:
    clock = Still()
    assert one(server[path], clock=clock).sort == "good"
    assert clock.time == waits


def test_all_of_a_host_waits_when_it_says_so(server: Server) -> None:
    clock = Still()
    server.paths["/first"] = misbehaving.in_turn(misbehaving.answer("429 No", "Retry-After: 40"), html("x"))
    run(server["/first"], server["/good"], clock=clock)
    assert sorted(server.targets()) == ["HEAD /first", "HEAD /first", "HEAD /good"]
    assert server.targets()[0] == "HEAD /first"
    assert clock.time == 41


def test_who_wants_to_be_left_alone_is(server: Server) -> None:
    heard = run(*(server[path] for path in ("/429-long", "/good", "/404")))
    assert server.targets() == ["HEAD /429-long"]
    assert {(seen.sort, seen.host) for seen in heard.seen.values()} == {("unsure", "127.0.0.1")}


def test_who_is_led_to_one_that_wants_to_be_left_alone_does_not_ask(server: Server) -> None:
    """As many lasting names lead to one publisher."""
    with misbehaving.running("127.0.0.2") as other:
        other.paths |= {f"/{n}": to(server["/429-long"]) for n in range(5)}
        heard = run(*(other[f"/{n}"] for n in range(5)))
        assert server.targets() == ["HEAD /429-long"]
        assert {(seen.sort, seen.host) for seen in heard.seen.values()} == {("unsure", "")}
        assert all(f"it leads to '{server['/429-long']}', and there" in seen.why for seen in heard.seen.values())


def test_tries_are_further_apart_each_time_and_not_all_at_once(server: Server) -> None:
    clock = Still()
    one(server["/503"], clock=clock)
    assert server.targets() == ["HEAD /503"] + ["GET /503"] * LIMITS.tries
    assert clock.time == LIMITS.pause + LIMITS.backoff + 2 * LIMITS.backoff
    clock_2 = Still()
    one(server["/503"], clock=clock_2, chance=lambda: 0.0)
    assert clock_2.time < clock.time


def test_a_host_whose_addresses_all_time_out_is_left(server: Server) -> None:
    server.paths |= {f"/{n}": misbehaving.Connection.hang for n in range(9)}
    heard = run(*(server[f"/{n}"] for n in range(9)), limits=replace(SHORT, tries=1), clock=Still())
    assert {seen.why for seen in heard.seen.values()} == {"the server takes too long"}
    assert len(server.asked) == 2 * LIMITS.silences


def test_the_run_ends_when_its_time_is_up(server: Server) -> None:
    heard = run(*(server[f"/good?{n}"] for n in range(9)), limits=replace(LIMITS, run=3.5))
    assert len(heard.seen) + heard.left == 9
    assert heard.left > 0


def test_a_fault_of_our_own_is_not_hidden() -> None:
    def broken(_request: fetch.Request) -> fetch.Reply:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask({"http://a.test/": frozenset()}, broken, _Forgetful(Path("x"), LIMITS), clock=Still())


def test_a_clock_that_goes() -> None:
    clock = Clock()
    replies: Any = queue.SimpleQueue()
    began = clock.now()
    clock.sleep(0)
    with pytest.raises(queue.Empty):
        clock.heard(replies, began)
    replies.put(("a", "b"))
    assert str(clock.heard(replies, began)) == "('a', 'b')"
    assert clock.now() >= began
    assert clock.today().tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None), ("0", 0), ("12", 12), ("-3", None), ("1.5", None), ("9" * 400, 999_999_999), ("soon", None),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60), ("Sunday, 22-Nov-26 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0), ("Sun, 22 Nov 2026 13:01:00 +0100", 60),
        ("Sun, 99 Nov 2026 12:01:00 GMT", None), ("Sun, 22 Nov 99999 12:01:00 GMT", None), ("٣", None),
    ],
)  # fmt: skip
def test_how_long_to_wait_is_read_in_all_forms(value: str, seconds: float | None) -> None:
    assert verdict.retry_after(value, NOON) == seconds


# What is remembered


def test_what_was_answered_is_not_asked_again(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "memory"
    pages = [server[path] for path in ("/good#risks", "/404", "/403", "/moved")]
    first = run(*pages, file=file)
    count = len(server.asked)
    memory = Memory.load(file, LIMITS, NOON.timestamp() + 60)
    again = run(*pages, memory=memory)
    assert again.seen == first.seen
    assert (again.asked, again.remembered, first.asked) == (0, 4, 4)
    assert len(server.asked) == count


def test_a_fragment_that_was_not_looked_for_is(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "memory"
    run(server["/good#risks"], file=file)
    memory = Memory.load(file, LIMITS, NOON.timestamp())
    assert run(server["/good"], memory=memory).remembered == 1
    assert run(server["/good#gone"], memory=memory).remembered == 0


@pytest.mark.parametrize(("path", "life"), [("/good", "good"), ("/404", "dead"), ("/403", "unsure")])
def test_good_answers_are_kept_longer_than_bad_ones(server: Server, tmp_path: Path, path: str, life: str) -> None:
    file, seconds = tmp_path / "memory", getattr(LIMITS, life)
    run(server[path], file=file, clock=Still())
    [(at, _)] = Memory.load(file, LIMITS, NOON.timestamp() + 60).known.values()
    assert list(Memory.load(file, LIMITS, at + seconds - 1).known) == [server[path]]
    assert Memory.load(file, LIMITS, at + seconds).known == {}
    assert Memory.load(file, LIMITS, at - 1).known == {}, "an answer of tomorrow is none"
    assert LIMITS.good > LIMITS.dead > LIMITS.unsure


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"{}\n", b"nonsense\n", b'{"answers of outside addresses": 0}\n', b"\xff\xfe",
        b'{"answers of outside addresses": 1}\n[]\n', b'{"answers of outside addresses": 1}\nnull\n',
        b'{"answers of outside addresses": 1}\n["a", "b", {}]\n', b"[" * 100_000 + b"\n",
        b'{"answers of outside addresses": 1}\n["a", 1, {"sort": "odd", "places": {}}]\n',
        b'{"answers of outside addresses": 1}\n["a", 1, {"sort": "good", "why": 3, "places": {}}]\n',
        b'{"answers of outside addresses": 1}\n["a", 1, {"sort": "good", "places": {"x": 3}}]\n',
    ],
    ids=lambda content: ascii(content)[:40],
)  # fmt: skip
def test_a_damaged_memory_is_begun_anew_and_said_so(tmp_path: Path, content: bytes, server: Server) -> None:
    file = tmp_path / "memory"
    file.write_bytes(content)
    memory = Memory.load(file, LIMITS, NOON.timestamp())
    assert memory.known == {}
    assert memory.said.startswith("'memory' ")
    assert memory.said.count("\n") == 0
    run(server["/good"], memory=memory)
    assert len(Memory.load(file, LIMITS, NOON.timestamp()).known) == 1


def test_a_memory_that_is_a_folder_is_said(tmp_path: Path) -> None:
    assert "could not be read" in Memory.load(tmp_path, LIMITS, 0).said


def test_a_memory_that_ends_in_the_middle_of_a_line_keeps_the_lines_before(tmp_path: Path) -> None:
    """As after a loss of power."""
    file = tmp_path / "memory"
    with Memory(file, LIMITS) as memory:
        memory.keep("http://a.test/", Seen("good"), 1000)
        memory.keep("http://b.test/", Seen("dead", "é"), 1000)
    whole = file.read_bytes()
    for end in range(len(whole) - 1, whole.index(b"b.test"), -7):
        file.write_bytes(whole[:end])
        memory = Memory.load(file, LIMITS, 1001)
        assert (list(memory.known), memory.said) == (["http://a.test/"], "")


def test_a_memory_does_not_grow_forever(tmp_path: Path) -> None:
    file = tmp_path / "memory"
    for n in range(5):
        memory = Memory.load(file, LIMITS, 1000 + n)
        with memory:
            memory.keep("http://a.test/", Seen("good", places={"x": ("missing", "y")}), 1000 + n)
    assert len(file.read_text().splitlines()) == 3
    assert json.loads(file.read_text().splitlines()[1])[1] == 1003
    assert Memory.load(file, LIMITS, 2000).known["http://a.test/"][1].places == {"x": ("missing", "y")}
