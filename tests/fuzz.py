"""Real pages and built pages, spoiled byte by byte: whatever comes out of it, the checks go on and stay true.

A seed gives the same pages each time, so what was found once is found again.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from center import center, contract, data, page, run, site
from center.finding import DataError, Finding

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests/pages"
_TODAY = date(2026, 11, 22)
#: What Markdown, HTML and YAML give a meaning to.
_SIGNS = [
    *"\0\t\r\n #*_`~[](){}<>|\\/&@:;!-+=\"'.,0aé\u2028\ufeff",
    *(
        "---\n",
        "```",
        "/// out-of-100\n",
        "///\n",
        "[@",
        "](",
        "<!--",
        "-->",
        "{#",
        "<a href='",
        "<script>",
        "</",
        "&#",
        "\n\n",
    ),
    *("    ", "| - |", "!!", "[" * 60, "> " * 60, "- " * 60, "&a", "*a", "%", "\xff"),
]


def seeds() -> list[bytes]:
    """Pages as they are in the repository."""
    files = [*sorted(PAGES.glob("*/*.md")), *sorted((ROOT / "tests/corpus").glob("*.md"))]
    return [file.read_bytes() for file in [*files, *sorted((ROOT / "docs/en").rglob("*.md"))]]


def built_seeds() -> list[bytes]:
    """Built pages as they are in the repository."""
    return [file.read_bytes() for file in sorted((ROOT / "tests/sites").rglob("*.html"))]


def spoiled(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A page with a few pieces changed, put in, taken out, doubled, or brought in from another page."""
    if len(content) > 6000:
        start = chance.randrange(len(content) - 5000)
        content = content[: chance.randrange(300)] + content[start : start + 5000]
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(content))
        end = min(len(content), at + chance.choice((0, 1, 2, 5, 40, 400)))
        other = chance.choice(others)
        start = chance.randint(0, len(other))
        pieces = (
            chance.choice(_SIGNS).encode() * chance.choice((1, 1, 2, 40)),
            chance.randbytes(chance.randint(1, 4)),
            content[at:end] * chance.randint(0, 3),
            other[start : start + chance.randint(0, 200)],
        )
        piece = chance.choice(pieces)
        content = content[:at] + piece + content[end:]
    return content


class Fuzz:
    """The tiny center of the fixtures, one page of which is spoiled each time."""

    def __init__(self) -> None:
        self.settings = center.settings(PAGES)
        self.center = dataclasses.replace(
            center.read(PAGES, self.settings), contracts=contract.load(PAGES / "contracts")
        )

    def findings(self, text: str) -> list[Finding]:
        """What is found in a page of this text."""
        name = PurePosixPath("good/spoiled.md")
        made = page.parse(text, name.as_posix(), name)
        whole = dataclasses.replace(
            self.center, pages=(*self.center.pages, made), files=self.center.files | frozenset([name])
        )
        return run.sources(whole, self.settings, _TODAY, [made.path])

    def check(self, text: str) -> None:
        """A page of any text is read without raising, findings lie in it, and are the same twice and with CRLF."""
        found = self.findings(text)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for finding in found:
            if finding.path == "good/spoiled.md":
                assert 1 <= finding.line <= len(lines), finding
                assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1, finding
                assert finding.message.strip(), finding
        assert self.findings(text) == found
        assert self.findings("\n".join(lines).replace("\n", "\r\n")) == found

    def check_built(self, text: str) -> None:
        """HTML of any text is read without raising, by the rules too; what is found lies in it."""
        with tempfile.TemporaryDirectory() as made:
            (Path(made) / "index.html").write_text(text, encoding="utf-8", newline="")
            findings = run.site(site.read(Path(made), "site"), self.settings)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for finding in findings:
            assert 1 <= finding.line <= len(lines), finding
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1, finding


def rounds(seed: int) -> Iterator[None]:
    """One spoiled page and one spoiled built page after another, without an end."""
    chance, fuzz = random.Random(seed), Fuzz()
    pages, built = seeds(), built_seeds()
    while True:
        for kind, others, check in (("page", pages, fuzz.check), ("site", built, fuzz.check_built)):
            content = spoiled(chance.choice(others), others, chance)
            try:
                text = content.decode("utf-8", errors=chance.choice(("replace", "ignore")))
                check(text)
            except (Exception, RecursionError) as error:
                error.add_note(f"seed {seed}, {kind}: {content!r}")
                raise
            try:
                data.parse_yaml(content.decode("utf-8", errors="replace"), "a.yml")
            except DataError as error:
                assert error.line >= 1
                assert error.column >= 1
        yield


def main(minutes: float) -> int:
    """Fuzz for some minutes with a seed of the day's time; prints how many pages there were."""
    seed = time.time_ns()
    print(f"fuzz: {minutes} minutes, seed {seed}", flush=True)
    until = time.monotonic() + minutes * 60
    count = sum(1 for _ in itertools.takewhile(lambda _: time.monotonic() < until, rounds(seed)))
    print(f"fuzz: {count} pages and {count} built pages, nothing raised and nothing untrue")
    return 0
