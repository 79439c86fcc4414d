"""Whatever lies in the folders: a finding or one clear line, and all else is still checked."""

from __future__ import annotations

import codecs
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from center import run, site
from center.finding import DataError, Finding

from tests.test_rules import _GOOD as GOOD
from tests.test_rules import SETTINGS, SITES, TODAY, read, tiny, validate

__all__ = ["tiny"]

_NOISE = random.Random(3).randbytes(4000)


def _loop(file: Path) -> None:
    file.symlink_to(file.name)


def _folder(file: Path) -> None:
    file.mkdir()
    (file / "inside.md").write_text(f"{GOOD}[a](gone.md)\n")


def _round(file: Path) -> None:
    """A folder that holds itself: the pages are read once."""
    file.with_suffix("").symlink_to(file.parent, target_is_directory=True)


def _outside(file: Path) -> None:
    """A pipe, at which a careless reader would wait for ever."""
    os.mkfifo(file)


def _written(content: bytes | str) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


#: What is put into the folder under a name, and where the findings in it are to be.
BAD: list[tuple[str, Callable[[Path], None], list[str]]] = [
    ("empty.md", _written(""), ["empty.md:1:1 CC102"]),
    ("blank.md", _written(" \n\t\n"), ["blank.md:1:1 CC102"]),
    ("binary.md", _written(b"\x89PNG\r\n\x1a\n\0\0\0" + _NOISE), ["binary.md:1:1 CC101"]),
    ("utf-16.md", _written(GOOD.encode("utf-16")), ["utf-16.md:1:1 CC101"]),
    ("cut.md", _written(GOOD.encode() + "é".encode()[:1]), ["cut.md:12:1 CC101"]),
    ("zero.md", _written(GOOD.replace("# A", "# A\0") + "[a](gone.md)"), ["zero.md:12:5 CC301"]),
    ("huge.md", _written(GOOD + ("Words go on.\n" * 50 + "\n") * 7200 + "[a](gone.md)"), ["huge.md:367212:5 CC301"]),
    ("huge-line.md", _written(GOOD + "words " * 870_000 + "[a](gone.md)"), ["huge-line.md:12:5220005 CC301"]),
    ("crlf.md", _written(f"{GOOD}[a](gone.md)\n".replace("\n", "\r\n")), ["crlf.md:12:5 CC301"]),
    ("mixed.md", _written(f"{GOOD}\r\n\n\r[a](gone.md)\r"), ["mixed.md:15:5 CC301"]),
    ("tab.md", _written(GOOD.replace("kind:", "kind:\t")), []),
    ("tabs.md", _written(GOOD.replace("kind:", "\tkind:")), ["tabs.md:4:1 CC101"]),
    ("tab-words.md", _written(f"{GOOD}\ta\n\n\u05d0\t[a](gone.md)\n"), ["tab-words.md:14:7 CC301"]),
    ("right.md", _written(f"{GOOD}\u202b\u05d0\u05d1 [\u05d2](gone.md)\u202c\n"), ["right.md:12:9 CC301"]),
    ("loop.md", _loop, ["loop.md:1:1 CC101"]),
    ("dangling.md", lambda file: file.symlink_to("nowhere.md"), ["dangling.md:1:1 CC101"]),
    ("linked.md", lambda file: file.symlink_to("index.md"), []),
    ("round.md", _round, []),
    ("folder.md", _folder, ["folder.md/inside.md:12:5 CC301"]),
    ("pipe.md", _outside, []),
    ("-a b%20c,d:e;f'g\"h.md", _written(f"{GOOD}[a](gone.md)"), ["-a b%20c,d:e;f'g\"h.md:12:5 CC301"]),
    ("größe 🙂 \u05d0.md", _written(f"{GOOD}[a](gone.md)"), ["größe 🙂 \u05d0.md:12:5 CC301"]),
    ("two\nlines.md", _written(f"{GOOD}[a](gone.md)"), ["two?lines.md:12:5 CC301"]),
    (os.fsdecode(b"latin-\xe9.md"), _written(f"{GOOD}[a](gone.md)"), ["latin-?.md:12:5 CC301"]),
    ("x" * 250 + ".md", _written(f"{GOOD}[a](gone.md)"), ["x" * 250 + ".md:12:5 CC301"]),
]


def test_every_page_is_checked_whatever_lies_beside_it(tiny: Path) -> None:
    """All at once, in one run: each tells its own, and none hides another's."""
    for name, make, _ in BAD:
        make(tiny / "pages" / name)
    (tiny / "pages" / "last.md").write_text(f"{GOOD}[a](gone.md)")
    # How hard such pages are to read, and what their links are called, is not what this is about.
    done = validate("--root", tiny, "--ignore", "CC306,CC5")
    wanted = [*(place for *_, places in BAD for place in places), "last.md:12:5 CC301"]
    found = [line.removeprefix("pages/") for line in done.stdout.splitlines()]
    assert sorted(line[: line.index(" CC") + 6] for line in found) == sorted(wanted)
    assert done.returncode == 1
    assert done.stderr.startswith("validate: ")


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder all may enter, and a process that may read only what all may: the tests may run as root."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        user = os.geteuid()
        yield folder
        os.seteuid(user)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def _as_nobody() -> None:
    codecs.lookup("utf-8-sig")  # Python reads it when it is first needed, from where nobody may not
    if os.geteuid() == 0:
        os.seteuid(65534)


def _lines(findings: list[Finding]) -> list[str]:
    return [f"{f.path}:{f.line} {f.code}" for f in findings]


def test_what_may_not_be_read_is_named(nobody: Path) -> None:
    plain = GOOD.replace("kind: moved", "kind: plain")
    pages = {name: nobody / name for name in ("page.md", "shut", "blind", "last.md")}
    for name in ("references.yml", "figures.yml", "glossary.yml", "wording.yml", "phrases.yml", "syllables.txt"):
        (nobody / name).write_bytes((SITES.parent / "pages" / name).read_bytes())
    for name in ("shut", "blind"):
        pages[name].mkdir()
        (pages[name] / "inside.md").write_text(plain)
    pages["page.md"].write_text(plain)
    pages["last.md"].write_text(f"{plain}[a](gone.md)")
    for name, mode in (("page.md", 0), ("shut", 0), ("blind", 0o444)):
        pages[name].chmod(mode)
    _as_nobody()
    findings = [f for f in run.sources(read(nobody), SETTINGS, TODAY) if f.code in ("CC101", "CC301", "CC406")]
    assert _lines(findings) == ["blind/inside.md:1 CC101", "last.md:12 CC301", "page.md:1 CC101", "shut:1 CC406"]
    assert all("readable" in f.message for f in findings if f.code != "CC301")


def test_a_site_that_may_not_be_read_is_refused(nobody: Path) -> None:
    (nobody / "index.html").write_text("<p>")
    (nobody / "shut").mkdir(mode=0)
    _as_nobody()
    with pytest.raises(DataError, match="site/shut:1:1: this folder must be readable"):
        site.read(nobody, "site")


SITE: list[tuple[str, Callable[[Path], None], str]] = [
    ("binary.html", _written(b"\x89PNG\xff" + _NOISE), "CC700"),
    ("utf-16.html", _written("<p>".encode("utf-16")), "CC700"),
    ("loop.html", _loop, "CC700"),
    ("empty.html", _written(""), "CC601"),
    ("huge.html", _written("<p>Words</p>\n" * 390_000 + "<a href='gone'>"), "CC701"),
    ("huge-line.html", _written("words &amp; " * 430_000 + "<a href='gone'>"), "CC701"),
    ("open.html", _written("<a href='gone' " * 100_000), "CC601"),
    ("deep.html", _written("<div>" * 100_000 + "<a href='gone'>"), "CC701"),
    ("comments.html", _written("<a href='gone'>" + "<!-- " * 100_000), "CC701"),
    ("ends.html", _written("</p>" * 100_000 + "<" * 100_000 + "<a href='gone'>"), "CC701"),
    ("declarations.html", _written("<a href='gone'>" + "<!" * 100_000), "CC701"),
    ("scripts.html", _written("<a href='gone'>" + "<script " * 50_000 + "<script>" * 50_000), "CC701"),
    ("quotes.html", _written("<a href='gone'>" + "<a title=\"'" * 100_000), "CC701"),
]


def test_every_built_page_is_checked_whatever_lies_beside_it(tmp_path: Path) -> None:
    for name, make, _ in SITE:
        make(tmp_path / name)
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "last.html").write_text("<a href='gone'>")
    findings = run.site(site.read(tmp_path, "site"), SETTINGS)
    found = {(f.path.removeprefix("site/"), f.code) for f in findings}
    assert {(name, code) for name, _, code in SITE} | {("last.html", "CC701")} <= found
    assert not any("folder.html" in path for path, _ in found)


def test_a_reader_that_has_had_enough(tiny: Path) -> None:
    """``validate | head`` ends without a word of its own."""
    (tiny / "pages" / "index.md").write_text("No front matter. [a](gone.md)\n" * 5000)
    command = [sys.executable, str(SITES.parents[1] / "scripts" / "validate.py"), "--root", str(tiny)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        said = running.stderr.read().decode()
    assert "Traceback" not in said
    assert "Broken pipe" not in said
