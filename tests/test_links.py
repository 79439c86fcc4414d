"""The reading of links, held to sites with a single fault each, and to good ones.

``links/*.yml`` holds them: a case is named ``fault: CODE words`` or ``good: words``, and its other keys are files. The
place of a fault is marked by "¦" in front of it; the mark is taken out, and exactly that finding must come. A case runs
below several addresses, or those of its ``site``; names in braces are pages, which it has once as files and once as
folders. ``why`` is the reason where the standards or hosts leave it open, and what Chromium does where we asked it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import ada_url
import pytest
import url as rust
import yaml
from center import report, run
from center.finding import RULES
from center.links import css, html, serve, url, web
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
CASES = Path(__file__).resolve().parent / "links"
#: Where the sites live: unknown, at the root of a host, and below it.
SITES = ("", "https://example.org/", "https://example.org/a/b/")
STYLES = ("files", "folders")
_NO_FILE = {"fault", "good", "why", "site"}
_PAGE = re.compile(r"\{([\w/]+)\}")
_MARK = "¦"
CHOICE = run.choose(None)


class Case(NamedTuple):
    """A site, where it lives, how its pages are addressed, and the code of its one fault ("" for a good one)."""

    name: str
    code: str
    files: dict[str, str | bytes]
    site: str
    style: str


def cases() -> list[Case]:
    found = []
    for file in sorted(CASES.glob("*.yml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            code, _, words = case["fault"].partition(" ") if "fault" in case else ("", "", case["good"])
            files = {name: content for name, content in case.items() if name not in _NO_FILE}
            styles = STYLES if any(_PAGE.search(f"{name}{content}") for name, content in files.items()) else ("",)
            found += [
                Case(f"{file.stem}: {words}", code, files, site, style)
                for site in case.get("site", SITES)
                for style in styles
            ]
    return found


CASE_LIST = cases()


def named(page: str, style: str) -> str:
    """The file of a page in one of the styles."""
    return f"{page}.html" if style == "files" or page == "index" else f"{page}/index.html"


def link(page: str, here: str, style: str) -> str:
    """A page as a link in a file has it."""
    there = web.shown(named(page, style), here, "/")
    return there if style == "files" else there or "./"


def lay(case: Case, folder: Path) -> list[str]:
    """Write a site; gives the places of what must be found in it."""
    places = []
    for name, content in case.files.items():
        file = _PAGE.sub(lambda match: named(match[1], case.style), name)
        made: Any = content
        if isinstance(content, str):
            made = _PAGE.sub(lambda match, file=file: link(match[1], file, case.style), content)  # type: ignore[misc]
            if _MARK in made:
                before = made.partition(_MARK)[0].replace("\r\n", "\n").replace("\r", "\n")
                before = before.removeprefix("\ufeff")
                places.append(f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))} {case.code}")
            made = made.replace(_MARK, "").encode()
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(made)
    return places


@pytest.mark.parametrize("case", CASE_LIST, ids=lambda c: f"{c.name} [{c.site or 'nowhere'} {c.style}]")
def test_site(case: Case, tmp_path: Path) -> None:
    expected = lay(case, tmp_path)
    assert len(expected) == bool(case.code), "a single fault, marked once"
    findings = run.check_links(web.read(tmp_path, "site", case.site), CHOICE).findings
    given = [f"{f.path.removeprefix('site/')}:{f.line}:{f.column} {f.code}" for f in findings]
    assert given == expected, findings


def test_the_corpus_is_wide() -> None:
    """At least 100 sites with one fault and 60 good ones, each with a name of its own."""
    faults = {case.name for case in CASE_LIST if case.code}
    good = {case.name for case in CASE_LIST if not case.code}
    assert len(faults) >= 100
    assert len(good) >= 60
    assert not faults & good
    assert {case.code for case in CASE_LIST if case.code} == {
        rule.code for rule in RULES.values() if rule.asks == ("web",)
    }


def found(folder: Path, files: dict[str, str], address: str = "") -> list[str]:
    """What is found in a site of some files: places and messages."""
    lay(Case("", "", dict(files), address, ""), folder)
    findings = run.check_links(web.read(folder, "site", address), CHOICE).findings
    return [f"{f.path.removeprefix('site/')}:{f.line}:{f.column} {f.message}" for f in findings]


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Tests/Scan.html", "tests/scan.html"),
        ("tests/scan", "tests/scan.html"),
        ("tests/scan/", "tests/scan.html"),
        ("tests/scan.htm", "tests/scan.html"),
        ("scan.html", "tests/scan.html"),
        ("tests/scna.html", "tests/scan.html"),
        ("../tests/scan.html", "tests/scan.html"),
        ("/tests/scan.html", "tests/scan.html"),
        ("art/a.PNG", "art/a.png"),
        ("livin/", "living/"),
        ("living.html", "living/index.html"),
        ("#sacn", "#scan"),
        ("tests/scan.html#risk", "#risks"),
        ("nothing-like-it.zip", ""),
        ("#nothing-like-it", ""),
    ],
)
def test_the_nearest_is_said(tmp_path: Path, written: str, near: str) -> None:
    files = {
        "index.html": f'<a href="{written}">x</a><p id="scan">',
        "tests/scan.html": '<p id="risks">',
        "living/index.html": "",
        "art/a.png": "",
    }
    [said] = found(tmp_path, files, "https://example.org/a/")
    assert said.startswith("index.html:1:4 ")
    assert said.partition("; did you mean ")[2] == (f"'{near}'?" if near else "")


def test_the_nearest_is_said_as_the_page_would_write_it(tmp_path: Path) -> None:
    files = {"a/b/index.html": '<a href="../scna/">x</a>', "a/scan/index.html": ""}
    assert found(tmp_path, files) == [
        "a/b/index.html:1:4 '../scna/' must lead to a file of the site; there is none at '/a/scna/'; "
        "did you mean '../scan/'?"
    ]


def test_what_an_address_was_resolved_to_is_said(tmp_path: Path) -> None:
    files = {"a/index.html": '<base href="../b/"><a href=" c&amp;d%20e ">x</a> <a href="../../f">x</a>'}
    assert found(tmp_path, files, "https://example.org/x/") == [
        "a/index.html:1:23 'c&d%20e' must lead to a file of the site; there is none at '/b/c&d e'",
        "a/index.html:1:53 '../../f' must lead to a file of the site; "
        "it leads out of the site, to 'https://example.org/f'",
    ]


def test_what_leads_out_is_listed(tmp_path: Path) -> None:
    """Each place with its whole address, for whoever asks them."""
    files = {
        "index.html": '<a href="//EXAMPLE.com/a b#c d">x</a>\n<a href="https://example.com">x</a> <a href="gone">',
        "a/index.html": '<link rel="stylesheet" href="../a.css"><link rel="preconnect" href="https://example.net">',
        "a.css": "p { background: url(\n'https://example.com/a.png') }",
    }
    lay(Case("", "", dict(files), "", ""), tmp_path)
    assert web.outside(web.read(tmp_path, "site", "https://example.org/")) == [
        ("https://example.com/", "site/index.html", 2, 4, "https://example.com"),
        ("https://example.com/a%20b#c%20d", "site/index.html", 1, 4, "//EXAMPLE.com/a b#c d"),
        ("https://example.com/a.png", "site/a.css", 2, 2, "https://example.com/a.png"),
    ]


def validate(*given: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as people run it."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts/validate.py", *given],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_needs_nothing_but_a_site(tmp_path: Path) -> None:
    """No settings, no sources, and none of the rules that are for our own pages."""
    site = tmp_path / "out"
    lay(
        Case(
            "", "", {"index.html": '<img src="a.png"><script src="//example.com/a.js"></script>', "a.png": ""}, "", ""
        ),
        site,
    )
    done = validate("--links", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "validate: nothing to mend in 1 pages\n")
    (site / "a.png").unlink()
    done = validate("--links", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        1,
        "out/index.html:1:6 CC701 'a.png' must lead to a file of the site; there is none at '/a.png'\n",
    )
    done = validate("--links", "out", "--format", "json", "--select", "CC702", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["findings"] == []


def test_the_command_is_told_where_the_site_lives(tmp_path: Path) -> None:
    lay(Case("", "", {"index.html": '<a href="https://example.org/a/gone">x</a>'}, "", ""), tmp_path)
    assert validate("--links", tmp_path).returncode == 0
    assert validate("--links", tmp_path, "--site-url", "https://example.org/b/").returncode == 0
    done = validate("--links", tmp_path, "--site-url", "https://example.org/a/")
    assert done.returncode == 1
    assert "/index.html:1:4 CC701 " in done.stdout


def test_names_that_are_no_letters_are_written(tmp_path: Path) -> None:
    """Whatever bytes a link or a file is named by, each form of report can be written to a file."""
    lay(Case("", "", {"index.html": '<a href="%FF.html">x</a><a href="./">y</a>'}, "", ""), tmp_path / "site")
    for form in sorted(report.FORMATS):
        done = validate("--links", tmp_path / "site", "--format", form, "--output", tmp_path / "said")
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        assert "udcff" in (tmp_path / "said").read_text(encoding="utf-8")


def test_a_page_that_is_not_there_any_more_is_said(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("words")
    (tmp_path / "lost.html").symlink_to("nowhere")
    done = validate("--links", tmp_path)
    assert done.returncode == 1
    assert "/lost.html:1:1 CC710 this file must be readable" in done.stdout


def test_a_linked_folder_is_served_and_a_loop_is_not_followed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    files = {"index.html": '<a href="part/page.html">x</a>', "../elsewhere/page.html": '<a href="../index.html">x</a>'}
    lay(Case("", "", dict(files), "", ""), site)
    (site / "part").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "loop").symlink_to(site)
    assert validate("--links", site).returncode == 0


def test_many_faults_in_a_list_of_pages_take_no_time_each(tmp_path: Path) -> None:
    """Lines are counted once: this took minutes when each fault counted them anew."""
    address = "https://example.org/a/"
    urls = "\n".join(f"<url><loc>{address}gone-{n}/</loc></url>" for n in range(20_000))
    docs = ",\n".join(f'{{"location": "gone-{n}/"}}' for n in range(20_000))
    files = {"index.html": "", "sitemap.xml": f"<urlset>{urls}</urlset>"}
    files["search/search_index.json"] = f'{{"docs": [{docs}]}}'
    said = found(tmp_path, files, address)
    assert len(said) == 40_000
    assert said[-1].startswith("sitemap.xml:20000:6 ")


@pytest.mark.parametrize(
    "given",
    [
        ["--links", "gone"],
        ["--links", "."],
        ["--links", ".", "--select", "CC1"],
        ["--links", ".", "--site", "."],
        ["--links", ".", "a.md"],
        ["--links", ".", "--site-url", "example.org"],
        ["--links", ".", "--site-url", "mailto:a@example.org"],
        ["--site-url", "https://example.org/"],
    ],
    ids=" ".join,
)
def test_the_command_that_cannot_run_says_so(given: list[str], tmp_path: Path) -> None:
    done = validate(*given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


#: Reads a folder's links in so much memory, in mebibytes, and prints how many faults there are.
_IN_BOUNDS = """
import resource, sys
from pathlib import Path
from center.links import web
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]) << 20,) * 2)
print(len(web.read(Path(sys.argv[1]), "site").faults))
"""


@pytest.mark.parametrize(
    ("page", "mebibytes"),
    [
        ("<p>Some words, and <b>bold</b> ones.</p>\n" * 1_250_000 + "<a href='gone'>", 3000),
        ("<!--" + "words " * 8_700_000 + "--><a href='gone'>", 1000),
        ("<p>words</p><a href='gone'>" + "words " * 8_700_000, 1000),
        ("".join(f"<a href='page.html?{n}#a'>x</a>\n" for n in range(100_000)) + "<p id=a><a href='gone'>", 1000),
        ("".join(f"<a id=p{n} href='#p{n + 1}'>x</a>\n" for n in range(100_000)), 1000),
        ("<div>" * 100_000 + "<a href='gone'>", 1000),
        ("<a href='gone' " + "x=y " * 1_000_000 + ">", 1000),
        ("<style>" + "p{background:url(a.png)}" * 200_000 + "</style><a href='gone'>", 1000),
        ("<style>" + "url(" * 500_000 + "</style><a href='gone'>", 1000),
        ("<img srcset='" + "page.html 1x, " * 200_000 + "gone 2x'>", 1000),
        ("<iframe srcdoc='" + "x" * 10_000_000 + "'></iframe><a href='gone'>", 1000),
    ],
    ids=[
        "50 MB",
        "a comment",
        "words",
        "100,000 links",
        "fragments",
        "deep",
        "attributes",
        "css",
        "open",
        "set",
        "frame",
    ],
)
def test_a_huge_page_is_read_in_bounds(page: str, mebibytes: int, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "a.png").touch()
    done = subprocess.run(
        [sys.executable, "-c", _IN_BOUNDS, tmp_path, str(mebibytes)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


#: What addresses are made of.
_PIECES = st.sampled_from(
    [
        *("a", "b.html", ".", "..", "...", "%2e", "%2E%2e", "%2f", "%41", "%", "%zz", "é", "ß", "\u0301", "😀", " "),
        *(
            "\t",
            "\n",
            "/",
            "//",
            "\\",
            "?",
            "#",
            ":",
            "@",
            "&",
            "=",
            ";",
            "|",
            "<",
            '"',
            "[",
            "]",
            "\0",
            "\x1f",
            "\x7f",
        ),
        *("https:", "HTTP:", "http://", "file:", "mailto:", "c|", "example.org", "EXAMPLE.com:443", ":0"),
        *("1.2.3.4", "[::1]", "xn--", "user:word@", "https://example.org/a/"),
    ]
)
_BASES = st.sampled_from(
    [
        "https://example.org/a/b/c.html",
        "https://example.org/a/?q#f",
        "http://example.org",
        "file:///a/b",
        "http://site.invalid/~/",
    ]
)


@given(st.lists(_PIECES, max_size=7).map("".join), _BASES)
@settings(max_examples=1000)
def test_addresses_are_resolved_as_another_library_does(written: str, base: str) -> None:
    """That other one refuses what the standard takes ("///a" with a base, "xn--"), and is older on other schemes."""
    try:
        other = str(rust.URL.parse(base).join(written))
    except rust.URLError:
        return
    if other.startswith("http"):
        assert url.resolve(written, base) == other


@given(st.lists(_PIECES, max_size=7).map("".join), _BASES)
def test_an_address_is_taken_apart_as_the_library_does(written: str, base: str) -> None:
    address = url.resolve(written, base)
    if address is None:
        return
    whole, parts = ada_url.URL(address), url.parts(address)
    assert parts.scheme == whole.protocol.removesuffix(":")
    assert parts.path == whole.pathname
    assert (parts.fragment or "") == whole.hash.removeprefix("#")
    if parts.scheme in ("http", "https"):
        assert parts.origin == whole.origin
    assert url.resolve(url.plain(written), base) == address


@given(
    st.lists(st.sampled_from(["../", "a/", "b.html", "index.html", "", "a", "#", "-x", "..", ".", "c d", "?", "%61"])),
    st.sampled_from(["index.html", "a/index.html", "a/b.html", "a/a/index.html"]),
    st.sampled_from(["", "https://example.org/", "https://example.org/x/"]),
)
def test_the_short_way_to_a_file_leads_where_the_long_one_does(pieces: list[str], file: str, address: str) -> None:
    host = serve.Host(["index.html", "a/index.html", "a/b.html", "b.html", "a/a/index.html", "-x"], address)
    written = "".join(pieces)
    quick = host.quick(written, file, host.aboves(file))
    long = url.resolve(written, host.address(file))
    assert long
    if quick is not None:
        served = host.serve(long, written)
        assert (quick.state, quick.fragment) == (served.state, served.fragment)
        assert quick.file == served.file


@given(st.text(min_size=1).filter(lambda name: "/" not in name and "\0" not in name and name not in (".", "..")))
def test_a_file_is_found_by_its_own_address(name: str) -> None:
    """Whatever a file is called: a link made of its name leads to it, and to no other."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return
    host = serve.Host([f"a/{name}", "a/other"], "https://example.org/b/")
    served = host.serve(host.address(f"a/{name}"))
    assert (served.state, served.file) == ("file", f"a/{name}")


@given(st.lists(_PIECES, max_size=7).map("".join))
def test_any_text_is_a_sheet_a_set_and_a_refresh(text: str) -> None:
    for found in css.addresses(text):
        assert found.written
        assert 0 <= found.at <= len(text)
    for written, at in html.srcset(text):
        assert text[at:].startswith(written)
    html.refresh(f"0;{text}")
