"""What is found in the answers of addresses outside, what is allowed of them, and the command with ``--online``."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import validate
from center import center, outside, run
from center.finding import RULES, DataError
from center.links.web import Outside
from center.online import session
from center.online.limits import Limits
from center.online.memory import Memory
from center.outside import Answer, Seen

from tests import misbehaving
from tests.conftest import copy_settings
from tests.misbehaving import Connection, Server, html
from tests.test_report import FRONT

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests" / "pages"
SETTINGS = center.settings(PAGES)
ANSWERS = {code: rule for code, rule in RULES.items() if rule.reads == "answer"}


def at(address: str, path: str = "a.md", line: int = 1) -> Outside:
    return Outside(address, path, line, 1, address)


def found(*answers: Answer, allowed: Sequence[outside.Allowance] = (), whole: bool = True) -> run.Outcome:
    return run.check_outside(answers, allowed, run.choose(SETTINGS), whole=whole)


PAGE = "https://a.test/page"
GOOD = Seen("good", places={"here": ("there", "")})

#: What was answered, and the rule that finds something in it with what it says; no rule for what is as it should be.
FIXTURES: list[tuple[str, Seen, str, str]] = [
    (PAGE, Seen("good"), "", ""),
    (f"{PAGE}#here", GOOD, "", ""),
    (f"{PAGE}#:~:text=words", Seen("good"), "", ""),
    (PAGE, Seen("good", known=True), "", ""),
    (f"{PAGE}", Seen("good", places={"gone": ("missing", "")}), "", ""),
    (PAGE, Seen("dead", "there is no such page (404)"), "CC751", f"'{PAGE}' must lead somewhere: there is no such"),
    ("https://me:secret@a.test/", Seen("dead", "it is"), "CC751", "'https://...@a.test/' must lead somewhere: it is"),
    (PAGE, Seen("good", moved="https://b.test/"), "CC752", "to 'https://b.test/': look for the page"),
    (
        PAGE,
        Seen("good", moved="https://b.test/c"),
        "CC752",
        f"'{PAGE}' has moved for good to 'https://b.test/c': ",
    ),
    (f"{PAGE}#x", Seen("good", moved="https://b.test/c"), "CC752", "to 'https://b.test/c#x': write it so"),
    (f"{PAGE}#x", Seen("good", moved="https://b.test/c#y"), "CC752", "to 'https://b.test/c#y': write"),
    (f"{PAGE}#g", Seen("good", places={"g": ("missing", "")}), "CC753", f"'{PAGE}#g' must name a place on its page"),
    (f"{PAGE}#g", Seen("good", places={"g": ("missing", "go")}), "CC753", "it has none; the nearest is '#go'"),
    (PAGE, Seen("unsure", "too slow"), "CC754", f"open '{PAGE}' in a browser: too slow"),
    (f"{PAGE}#g", Seen("good", places={"g": ("unsure", "")}), "CC754", f"open '{PAGE}#g' in a browser: whether"),
    (PAGE, Seen("good", insecure="http://a.test/"), "CC755", "must stay with https: it leads to 'http://a.test/'"),
]


@pytest.mark.parametrize(("address", "seen", "code", "says"), FIXTURES)
def test_answer(address: str, seen: Seen, code: str, says: str) -> None:
    outcome = found(Answer(seen, (at(address, line=7),)))
    assert [(f.code, f.path, f.line) for f in outcome.findings] == [(code, "a.md", 7)] * bool(code)
    assert all(says in f.message and "secret" not in f.message for f in outcome.findings)


def test_every_rule_on_answers_is_broken_and_kept() -> None:
    assert {code for _, _, code, _ in FIXTURES if code} | {"CC756"} == set(ANSWERS)
    assert any(not code for _, _, code, _ in FIXTURES)
    assert {code for code, rule in ANSWERS.items() if rule.severity == "error"} == {"CC751"}


def test_an_address_is_reported_once_at_its_first_place() -> None:
    places = [at(PAGE, "references.yml", 3), at(PAGE, "site/index.html"), at(PAGE, "site/b.html"), at(f"{PAGE}#x")]
    answers = outside.together({PAGE: Seen("dead", "gone", places={"x": ("there", "")})}, places)
    outcome = found(*answers)
    assert [(f.path, f.line) for f in outcome.findings] == [("a.md", 1), ("references.yml", 3)]
    assert outcome.findings[1].message.endswith("gone (and 2 more places)")


def test_a_host_that_answers_nothing_is_one_finding() -> None:
    seen = Seen("unsure", "the host does not answer", host="a.test")
    pages = [f"https://a.test/{n}" for n in range(50)]
    outcome = found(*outside.together(dict.fromkeys(pages, seen), map(at, pages)))
    [one] = outcome.findings
    assert one.message == f"open '{pages[0]}' in a browser: the host does not answer (and 49 more addresses there)"


# What is allowed


def allow(tmp_path: Path, text: str) -> tuple[outside.Allowance, ...]:
    file = tmp_path / "outside.yml"
    file.write_text(text, encoding="utf-8")
    return outside.allowances(file, "outside.yml")


ENTRY = "- address: https://a.test/*\n  rule: CC754\n  reason: it turns robots\n    away\n"


def test_what_is_allowed_is_told_with_its_reason(tmp_path: Path) -> None:
    answers = [
        Answer(Seen("unsure", "403"), (at("https://a.test/x"),)),
        Answer(Seen("dead", "404"), (at("https://a.test/y"),)),
        Answer(Seen("unsure", "403"), (at("https://b.test/"),)),
    ]
    outcome = found(*answers, allowed=allow(tmp_path, "# none\n\n" + ENTRY))
    assert [f.code for f in outcome.findings] == ["CC751", "CC754"], "one rule, one pattern"
    [quiet] = outcome.silenced
    assert (quiet.reason, quiet.path, quiet.line) == ("it turns robots away", "outside.yml", 3)


def test_an_entry_that_is_not_needed_is_found(tmp_path: Path) -> None:
    entries = allow(tmp_path, ENTRY + ENTRY.replace("a.test", "b.test").replace("CC754", "outside-dead"))
    answer = Answer(Seen("unsure", "403"), (at("https://a.test/x"),))
    [one] = found(answer, allowed=entries).findings
    assert (one.code, one.path, one.line) == ("CC756", "outside.yml", 5)
    assert one.message == "take this entry out: CC751 finds nothing at 'https://b.test/*'"
    assert found(answer, allowed=entries, whole=False).findings == (), "only a whole run can tell"
    choice = run.choose(SETTINGS, select=["CC754", "CC756"])
    assert run.check_outside([answer], entries, choice).findings == (), "nor one without its rule"


def test_a_host_is_allowed_only_with_all_its_addresses(tmp_path: Path) -> None:
    seen = Seen("unsure", "silent", host="a.test")
    answer = Answer(seen, (at("https://a.test/x"), at("https://a.test/y")))
    assert found(answer, allowed=allow(tmp_path, ENTRY)).findings == ()
    outcome = found(answer, allowed=allow(tmp_path, ENTRY.replace("*", "x")))
    assert [f.code for f in outcome.findings] == ["CC754"], "and the entry is not called unused"


@pytest.mark.parametrize(
    ("pattern", "address", "fits"),
    [
        ("https://a.test/*", "https://a.test/x?y#z", True),
        ("https://a.test/x", "https://a.test/xy", False),
        ("https://a.test/?x", "https://a.test/?x", True),
        ("https://a.test/?x", "https://a.test/yx", False),
        ("https://a.test/[a]", "https://a.test/a", False),
        ("https://a.test/[a]", "https://a.test/[a]", True),
        ("https://a.test/X", "https://a.test/x", False),
    ],
)
def test_only_a_star_is_a_pattern(tmp_path: Path, pattern: str, address: str, fits: bool) -> None:
    [entry] = allow(tmp_path, f"- address: '{pattern}'\n  rule: CC754\n  reason: words\n")
    assert entry.allows(address) == fits


@pytest.mark.parametrize("text", ["", "[]", "# only words\n"])
def test_nothing_need_be_allowed(tmp_path: Path, text: str) -> None:
    assert allow(tmp_path, text) == ()
    assert outside.allowances(tmp_path / "gone.yml", "gone.yml") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b", "outside.yml:1:1: this must be a list"),
        ("- a\n", "outside.yml:1:1: an entry must give exactly address, rule, reason"),
        (f"{ENTRY}- address: x\n  rule: CC754\n", "outside.yml:5:1: an entry must give exactly"),
        (ENTRY.replace("it turns robots\n    away", "3"), "outside.yml:1:1: 'reason' must be a text"),
        (ENTRY.replace("it turns robots\n    away", "' '"), "outside.yml:1:1: 'reason' must be a text"),
        (ENTRY.replace("CC754", "CC7544"), "no rule is called 'CC7544'; the nearest is CC754"),
        (ENTRY.replace("CC754", "CC75"), "'rule' must be one rule on outside addresses"),
        (ENTRY.replace("CC754", "CC301"), "'rule' must be one rule on outside addresses"),
        ("- address: x\n  address: y\n", "outside.yml:2:3: 'address' stands twice"),
        ("- '", "outside.yml:1:"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=re.escape(says)):
        allow(tmp_path, text)


def test_the_real_list_can_be_read() -> None:
    settings = center.settings(ROOT)
    assert all(entry.reason for entry in outside.allowances(ROOT / settings.outside, settings.outside))


# Where addresses are


def test_the_addresses_of_references_have_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "r.yml"
    file.write_text(
        "# words\n"
        "- id: a\n  DOI: 10.1000/1\n  URL: https://doi.org/10.1000/1\n"
        "- id: b\n  title: x\n  DOI: 10.1000/2\n  URL: 'https://b.test/'\n"
        "- id: c\n"
        "- {id: d, URL: HTTPS://d.test/#x}\n"
        "- id: e\n  URL: e.test\n"
    )
    assert [(o.address, o.line, o.column, o.written) for o in outside.in_references(file, "r.yml")] == [
        ("https://doi.org/10.1000/1", 3, 8, "10.1000/1"),
        ("https://doi.org/10.1000/2", 7, 8, "10.1000/2"),
        ("https://b.test/", 8, 8, "https://b.test/"),
        ("https://d.test/#x", 10, 16, "HTTPS://d.test/#x"),
    ]


def test_all_references_of_the_center_are_asked_for() -> None:
    settings = center.settings(ROOT)
    whole = center.read(ROOT, settings)
    assert whole.references is not None
    places = list(outside.in_center(whole, settings, ROOT, None))
    shown = {reference.url for reference in whole.references.values() if reference.url}
    assert shown <= {place.address for place in places}
    lines = (ROOT / settings.references).read_text(encoding="utf-8").splitlines()
    for place in places:
        if place.path == settings.references:
            assert place.written in lines[place.line - 1]


# The command


def called(root: Path, *given: str | Path) -> list[str | Path]:
    """The command as people call it."""
    return [sys.executable, ROOT / "scripts" / "validate.py", "--root", root, "--online", *given]


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def served() -> Iterator[Server]:
    with misbehaving.running() as server:
        yield server


@pytest.fixture
def root(tmp_path: Path, served: Server) -> Path:
    """A center of one page, with a link, a source and a built page that name the same server."""
    folder = tmp_path / "center"
    folder.mkdir()
    copy_settings(folder)
    (folder / "pages").mkdir()
    (folder / "pages" / "a.md").write_text(f"{FRONT}# A title\n\nSee [the other page]({served['/moved']}).\n")
    source = "- id: one\n  type: webpage\n  title: T\n  URL: {}\n  custom: {{kind: trial, confidence: known}}\n"
    (folder / "references.yml").write_text(source.format(served["/404"]))
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text(
        f"<!doctype html><a href='{served['/404']}'>a</a><a href='{served['/good']}#gone'>b</a>"
    )
    return folder


@pytest.fixture
def online(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command over that center, without pauses."""
    monkeypatch.setattr(session, "Limits", lambda: Limits(pause=0, backoff=0))

    def call(*given: str | Path) -> tuple[int, str, str]:
        code = validate.main(["--root", str(root), "--select", "CC75", *map(str, given)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_dead_source_is_found_with_its_line(online: Command, root: Path, served: Server) -> None:
    code, out, err = online("--online", "--site", root / "site")
    assert code == 1
    assert re.findall(r"^(\S+?:\d+):\d+ (CC\d+) ", out, re.M) == [
        ("pages/a.md:11", "CC752"),
        ("references.yml:4", "CC751"),
        ("site/index.html:1", "CC753"),
    ]
    assert f"has moved for good to '{served['/good']}': write it so" in out
    assert "(404) (and 1 more place)" in out
    assert "3 addresses outside (3 asked)" in err
    again = online("--online", "--site", root / "site")
    assert (again[:2], "3 addresses outside (0 asked, 3 remembered)" in again[2]) == ((code, out), True)
    count = len(served.asked)
    assert online("--online", "--ask-again")[0] == 1
    assert len(served.asked) > count


@pytest.mark.parametrize("form", ["json", "sarif", "markdown", "github"])
def test_every_form_of_the_report_tells_it(online: Command, root: Path, form: str) -> None:
    (root / "outside.yml").write_text("- address: '*/moved'\n  rule: outside-moved\n  reason: it comes back\n")
    code, out, _ = online("--online", "--format", form)
    assert code == 1
    assert "CC751" in out
    if form == "json":
        data = json.loads(out)
        assert data["silenced"][0] | {"message": ""} == {
            "path": "pages/a.md", "line": 11, "column": 22, "code": "CC752", "rule": "outside-moved",
            "severity": "warning", "message": "", "reason": "it comes back", "silence_line": 1,
            "silence_path": "outside.yml",
        }  # fmt: skip
    if form == "sarif":
        quiet = [r for r in json.loads(out)["runs"][0]["results"] if r["suppressions"]]
        assert [r["suppressions"][0]["kind"] for r in quiet] == ["external"]


def test_only_what_is_named_is_asked(online: Command, root: Path, served: Server) -> None:
    (root / "outside.yml").write_text("- address: '*/404'\n  rule: outside-dead\n  reason: words\n")
    assert online("--online", root / "pages" / "a.md")[0] == 0
    assert {target.split("?")[0] for _, target, _ in served.asked} == {"/moved", "/good"}
    code, out, _ = online("--online", "--only-sites", "--site", root / "site")
    assert (code, "CC756" in out) == (0, False)


def test_rules_that_are_left_out_ask_nobody(online: Command, served: Server) -> None:
    assert online("--online", "--select", "CC1", "--ignore", "CC75")[0] == 0
    assert served.asked == []


def test_without_a_network_it_is_said_once(
    online: Command, root: Path, monkeypatch: pytest.MonkeyPatch, served: Server
) -> None:
    def none(*_given: Any, **_named: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", none)
    page = root / "pages" / "a.md"
    links = "\n".join(f"[a page](https://host{n % 40}.test/{n})" for n in range(500))
    page.write_text(f"{FRONT}# A title\n\n{links}\n")
    code, out, err = online("--online")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "validate: no host outside can be reached; is there a network?"
    assert len(err.splitlines()) == 12
    assert "there is no host of this name" in err
    assert served.asked == []


def test_without_what_it_needs_it_says_what_to_do(online: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "center.online.session", None)
    monkeypatch.delattr("center.online.session")
    monkeypatch.setitem(sys.modules, "rich", None)
    code, out, err = online("--online")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "run 'make online'" in err


def test_a_damaged_memory_is_said(online: Command, root: Path) -> None:
    (root / ".cache").mkdir()
    (root / ".cache" / "outside.jsonl").write_text("nonsense\n")
    code, _, err = online("--online")
    assert code == 1
    assert err.startswith("validate: 'outside.jsonl' is of another version or damaged, so every address is asked anew")


def test_a_memory_that_cannot_be_kept_is_said(online: Command, root: Path) -> None:
    (root / ".cache").write_text("a file where a folder belongs")
    for given in ([], ["--ask-again"]):
        code, _, err = online("--online", *given)
        assert code == 1
        assert "'outside.jsonl' could not be written, so answers are not remembered: " in err
        assert "3 asked" not in err


def test_a_memory_is_given_up_when_the_disk_is_full(tmp_path: Path) -> None:
    with Path("/dev/full").open("a") as full, Memory(tmp_path / "memory", Limits()) as memory:
        assert memory._open
        memory._open.close()
        memory._open = full
        memory.keep("https://a.test/", Seen("good"), 1)
        memory.keep("https://b.test/", Seen("good"), 1)
    assert "could not be written" in memory.said
    assert len(memory.known) == 2


def test_links_of_any_site_are_asked_for(root: Path, tmp_path: Path, served: Server, online: Command) -> None:
    """Without our sources or settings, and whatever other rules say."""
    folder = shutil.copytree(root / "site", tmp_path / "any")
    code, out, err = online("--online", "--links", folder, "--root", tmp_path)
    assert code == 1
    assert re.findall(r"/index.html:1:\d+ (CC\d+) ", out) == ["CC751", "CC753"]
    assert "1 pages and 2 addresses outside (2 asked)" in err
    assert (tmp_path / session.MEMORY).exists()
    served.asked.clear()
    assert online("--links", folder, "--select", "CC7", "--root", tmp_path)[0] == 0
    assert served.asked == []


@pytest.mark.parametrize(
    "given", [["--minutes", "3"], ["--ask-again"], ["--online", "--minutes", "-1"], ["--online", "--minutes", "nan"]]
)
def test_options_that_make_no_sense_are_refused(online: Command, given: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        online(*given)


def test_a_time_that_is_up_is_said(online: Command, root: Path) -> None:
    code, out, err = online("--online", "--minutes", "0")
    assert (code, out) == (0, "")
    assert "2 not asked in this time: run again to go on" in err


#: Runs the command and tells each use of a socket, and what was loaded.
_WATCHED = """
import runpy, sys
used = []
sys.addaudithook(lambda event, given: used.append(event) if event.startswith("socket.") else None)
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as stop:
    print("exit", stop.code, "sockets", len(used), "loaded", "urllib3" in sys.modules or "center.online" in sys.modules)
"""


def watched(*given: str | Path) -> str:
    script = ROOT / "scripts" / "validate.py"
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, script, *given], capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.splitlines()[-1]


def test_a_plain_run_opens_no_socket(root: Path, tmp_path: Path, served: Server) -> None:
    """Nothing is asked of anybody unless it is asked for; and the watch sees it when it is."""
    one = tmp_path / "one"
    one.mkdir()
    (one / "index.html").write_text(f"<!doctype html><a href='{served['/good']}'>a</a>")
    plain: list[list[str | Path]] = [
        [],
        ["--site", root / "site"],
        ["--only-sites", "--site", root / "site"],
        ["--changed"],
        ["--list"],
    ]
    for given in plain:
        assert watched("--root", root, *given).endswith("sockets 0 loaded False"), given
    assert watched(*["--strict-dates"]).endswith("sockets 0 loaded False")
    seen = watched("--root", root, "--select", "CC751", "--online", "--only-sites", "--site", one)
    assert re.fullmatch(r"exit 0 sockets [1-9]\d* loaded True", seen)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda n: n.name)
def test_a_run_that_is_stopped_goes_on_where_it_was(root: Path, number: signal.Signals) -> None:
    """Each server answers one address; the last hangs, until the run is stopped."""
    with (
        misbehaving.running("127.0.0.2") as a,
        misbehaving.running("127.0.0.3") as b,
        misbehaving.running("127.0.0.4") as c,
    ):
        c.paths["/last"] = Connection.hang
        page = root / "pages" / "a.md"
        links = "".join(f"[a page]({address})\n" for address in (a["/good"], b["/good"], c["/last"]))
        page.write_text(f"{FRONT}# A title\n\n{links}")
        memory = root / session.MEMORY
        command = called(root, "--select", "CC75", page)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as begun:
            for server in (a, b, c):
                server.wait(lambda server=server: bool(server.asked))  # type: ignore[misc]
            while not memory.exists() or memory.read_text().count("/good") < 2:
                os.sched_yield()
            begun.send_signal(number)
            out, err = begun.communicate(timeout=60)
        assert out == ""
        assert begun.returncode == (-number if number == signal.SIGKILL else 128 + number)
        said = "validate: stopped: what was answered is kept, and the same command goes on from there\n"
        assert err == ("" if number == signal.SIGKILL else said)
        c.paths["/last"] = html("x")
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        assert "3 addresses outside (1 asked, 2 remembered)" in done.stderr
        assert [len(server.asked) for server in (a, b, c)] == [1, 1, 2]


def test_a_bar_is_shown_on_a_terminal_alone(root: Path, served: Server) -> None:
    page = root / "pages" / "a.md"
    page.write_text(f"{FRONT}# A title\n\n[a page]({served['/good']})\n")
    command = called(root, "--select", "CC751", "--ask-again", page)
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    above, below = pty.openpty()
    shown = b""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=below, env={**os.environ, "TERM": "xterm"}):
        os.close(below)
        while True:
            try:
                piece = os.read(above, 1 << 16)
            except OSError:  # nobody has it open anymore
                break
            if not piece:
                break
            shown += piece
    os.close(above)
    assert b"addresses outside" in shown
    assert b"\x1b" in shown
