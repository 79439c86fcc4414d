"""Every rule broken and kept, by pages and built sites that state what must be found in them, and the command itself.

``pages/bad`` and ``pages/good`` live in a tiny center of their own. A bad page says at its end what it breaks,
``<!-- expect: CODE LINE [COLUMN] -->``; a bad site says so in ``expect.txt``. The findings must be those and no others.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
from center import center, contract, page, report, run, site
from center.center import Center
from center.finding import RULES, Finding, Rule

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests" / "pages"
SITES = ROOT / "tests" / "sites"
SETTINGS = center.settings(PAGES)
#: The day on which the fixtures are checked.
TODAY = date(2026, 11, 22)
NAMES = sorted(p.relative_to(PAGES).as_posix() for p in PAGES.glob("*/*.md"))
BUILT = sorted(p.name for p in SITES.iterdir())
#: How a file may have been saved: its line ends, and what an editor may put before the first of them.
SAVED = {"LF": (b"\n", b""), "CRLF": (b"\r\n", b""), "CR": (b"\r", b""), "BOM": (b"\n", b"\xef\xbb\xbf")}

_EXPECT = re.compile(r"^<!-- expect: (CC\d{3}) (\d+)(?: (\d+))? -->$", re.M)
_LINE = re.compile(r"(?P<path>[^:\n]+):(?P<line>\d+):(?P<column>\d+) (?P<code>CC\d{3}) \S.*")


def read(root: Path) -> Center:
    """The tiny center, its page kinds its own too."""
    return dataclasses.replace(center.read(root, SETTINGS), contracts=contract.load(PAGES / "contracts"))


def latin(file: Path) -> bytes:
    """What a fixture holds; one named for it is in Latin-1, though not in the repository, where all is UTF-8."""
    text = file.read_bytes().decode()
    return text.encode("latin-1" if file.stem.endswith("latin-1") else "utf-8")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is found in the tiny center, once for each way its pages may have been saved."""
    findings = {}
    for how, (end, before) in SAVED.items():
        root = tmp_path_factory.mktemp("saved") / how
        shutil.copytree(PAGES, root)
        for name in NAMES:
            file = root / name
            file.write_bytes(before + latin(file).replace(b"\n", end))
        findings[how] = run.sources(read(root), SETTINGS, TODAY)
    return findings


def expected(name: str) -> list[tuple[str, str, str]]:
    """Code, line and column ("" if not stated) of what a page says is to be found in it."""
    return sorted(_EXPECT.findall((PAGES / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, found: dict[str, list[Finding]]) -> None:
    stated = expected(name)
    with_column = {code for code, _, column in stated if column}
    for how, findings in found.items():
        given = [
            (f.code, str(f.line), str(f.column) if f.code in with_column else "") for f in findings if f.path == name
        ]
        assert sorted(given) == stated, f"saved with {how}: {[f for f in findings if f.path == name]}"


@pytest.mark.parametrize("name", BUILT)
def test_site(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(SITES / name, tmp_path / name)
    for file in folder.rglob("*.html"):
        file.write_bytes(latin(file))
    findings = run.site(site.read(folder, name), SETTINGS)
    given = [f"{f.path.removeprefix(f'{name}/')}:{f.line}:{f.column} {f.code}" for f in findings]
    assert sorted(given) == sorted((SITES / name / "expect.txt").read_text(encoding="utf-8").splitlines())


def test_every_page_rule_is_broken_and_kept() -> None:
    bad = {name: {code for code, *_ in expected(name)} for name in NAMES if name.startswith("bad/")}
    assert set().union(*bad.values()) == {r.code for r in RULES.values() if r.reads == "page"}
    for name, codes in bad.items():
        assert any(name.startswith(f"bad/{RULES[code].slug}") for code in codes), f"{name} must begin with a slug"
    assert not [name for name in NAMES if name.startswith("good/") and expected(name)]
    # A rule is kept only where it was run: on pages with all the facts that rules ask for, and matter for each.
    tiny = read(PAGES)
    whole = [p for p in tiny.pages if p.path.startswith("good/") and p.record and p.kind in tiny.contracts]
    assert tiny.references is not None
    assert {p.kind for p in whole} == set(tiny.contracts)
    for fact in ("headings", "links", "citations", "blocks", "lists", "passages"):
        assert any(getattr(p, fact) for p in whole), fact
    assert {link.kind for p in whole for link in p.links} == {"link", "picture"}


def test_every_site_rule_is_broken_and_kept() -> None:
    stated = {name: (SITES / name / "expect.txt").read_text(encoding="utf-8").split()[1::2] for name in BUILT}
    assert {code for codes in stated.values() for code in codes} == {
        r.code for r in RULES.values() if r.reads == "site"
    }
    for name, codes in stated.items():
        assert {RULES[code].slug for code in codes} == (set() if name.startswith("good-") else {name})


def _laid_out(kind: contract.Contract, without: str = "", words: str = "Words [@stone].") -> str:
    """A page as its contract asks for, without one section."""
    front = {
        "title": "A test page",
        "description": "A page about a made-up test condition.",
        "kind": kind.kind,
        "checked": "2026-11-22",
        "next_check": "2999-11-22",  # the command asks what day it is, and must find nothing due
        "reviewers": "[]",
    }
    parts = ["---", *(f"{key}: {value}" for key, value in front.items()), "---", "# A title", "", words, ""]
    for section in kind.sections:
        if section.id != without:
            parts += [f"## Words {{#{section.id}}}", "", *["- Words."] * (section.items or (1, 1))[0], ""]
    return "\n".join(parts)


@pytest.mark.parametrize("kind", contract.load().values(), ids=lambda k: k.kind)
def test_page_laid_out_from_its_contract_keeps_it(kind: contract.Contract) -> None:
    """The kinds that the engine knows can be kept, and each section that they require is missed."""

    def codes(text: str) -> list[str]:
        names = PurePosixPath("a.md"), PurePosixPath("b.md")
        pages = page.parse(text, "a.md", names[0]), page.parse(_GOOD, "b.md", names[1])
        both = Center(pages, frozenset(names), references, (), None, contract.load())
        return [f.code for f in run.sources(both, SETTINGS, TODAY)]

    references = read(PAGES).references
    words = "Words [@stone], and [another page](b.md)."
    assert codes(_laid_out(kind, words=words)) == []
    for section in kind.sections:
        assert codes(_laid_out(kind, section.id, words)) == ["CC201"] * section.required


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_rule_explains_itself(rule: Rule) -> None:
    """Whoever meets a finding reads its rule: a title, why it matters, and an example of bad and good."""
    assert re.fullmatch(r"CC\d{3}", rule.code)
    title, empty, *why = rule.help.splitlines()
    assert title.endswith(".")
    assert not empty
    assert why
    if rule.code != "CC700":  # a file that cannot be read has no example worth reading
        assert re.search(r"^Bad: .+ Good: .+", rule.help, re.S | re.M)


def test_families_keep_to_their_files() -> None:
    families = {(rule.check.__module__, rule.code[:3]) for rule in RULES.values()}
    assert len({module for module, _ in families}) == len(families), "one file is one hundred of codes"
    assert len({rule.slug for rule in RULES.values()}) == len(RULES)


def test_github_form_escapes() -> None:
    odd = Finding("a,b:c%.md", 1, 2, "CC101", "one\r\ntwo, 100%: three")
    assert report.github([odd]) == (
        "::error file=a%2Cb%3Ac%25.md,line=1,col=2,title=CC101 page-readable::one%0D%0Atwo, 100%25: three"
    )
    assert report.text([odd]) == "a,b:c%.md:1:2 CC101 one two, 100%: three"


def validate(*given: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as people run it."""
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "validate.py", *given],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A repository with one page, nothing to mend in it."""
    for name in ("references.yml", "glossary.yml", "wording.yml", "phrases.yml", "syllables.txt", "pyproject.toml"):
        shutil.copy(PAGES / name, tmp_path)
    settings = tmp_path / "pyproject.toml"
    text = settings.read_text().replace('docs = "."', 'docs = "pages"')
    settings.write_text(
        text.replace("free_reading = [", 'free_reading = ["index.md", ').replace('figures = "figures.yml"\n', "")
    )
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text(_GOOD)
    return tmp_path


def test_nothing_to_mend(tiny: Path) -> None:
    done = validate("--root", tiny)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "validate: nothing to mend in 1 pages\n")


_GOOD = _laid_out(contract.load()["reference"])
_INDEX, _REFERENCES, _SETTINGS = "pages/index.md", "references.yml", "pyproject.toml"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (_INDEX, "---\ntitle: a: b\n---\n", f"{_INDEX}:2:9 CC101 "),
        (_INDEX, b"---\ntitle: caf\xe9\n---\n", f"{_INDEX}:2:1 CC101 "),
        (_INDEX, b"\xff\xfe#\x00 \x00", f"{_INDEX}:1:1 CC101 "),
        (_INDEX, "", f"{_INDEX}:1:1 CC102 "),
        (_INDEX, "\0", f"{_INDEX}:1:1 CC102 "),
        (_INDEX, _GOOD + "word " * 200_000 + "[to](gone.md)", f"{_INDEX}:12:1000006 CC301 "),
        (_INDEX, _GOOD + "[" * 5_000 + "[to](gone.md)", f"{_INDEX}:12:5006 CC301 "),
        (_INDEX, _GOOD + "[@" * 20_000 + "\n\n[to](gone.md)", f"{_INDEX}:14:6 CC301 "),
        (_INDEX, "---\ntitle: " + "[" * 100_000, f"{_INDEX}:1:1 CC102 "),
        (_INDEX, "---\ntitle: " + "[" * 100_000 + "\n---\n", f"{_INDEX}:2:57 CC101 "),
        (_INDEX, "---\n" + "- " * 20_000 + "\n---\n", f"{_INDEX}:2:101 CC101 "),
        (_INDEX, _GOOD + "".join("    " * n + "- a\n" for n in range(12)) + "    " * 12 + "[to](gone.md)", "CC301 "),
        (_INDEX, _GOOD + "/// out-of-100\n" + "[" * 100_000 + "\n///", f"{_INDEX}:13:51 CC404 "),
        (_REFERENCES, None, f"{_REFERENCES}:1:1 CC406 "),
        (_REFERENCES, "- id: a\n- id: b: c", f"{_REFERENCES}:2:8 CC406 "),
        (_REFERENCES, b"- id: a\n  title: caf\xe9", f"{_REFERENCES}:2:1 CC406 "),
        (_REFERENCES, "[" * 100_000, f"{_REFERENCES}:1:51 CC406 "),
        ("glossary.yml", None, "glossary.yml:1:1 CC406 "),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_broken_file_is_a_finding(tiny: Path, name: str, content: str | bytes | None, says: str) -> None:
    """What an editor can do to a file is told in one line that names it."""
    file = tiny / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    done = validate("--root", tiny)
    assert done.returncode == 1
    assert says in done.stdout
    assert _LINE.fullmatch(done.stdout.rstrip("\n")), "one line"
    assert done.stderr == "validate: 1 to mend in 1 pages\n"


def _empty(root: Path) -> Sequence[str | Path]:
    (root / "site").mkdir()
    (root / "site" / "a.txt").touch()
    return ["--only-sites", "--site", root / "site"]


def _folder(root: Path) -> Sequence[str | Path]:
    (root / "pages" / "folder.md").mkdir()
    return [root / "pages" / "folder.md"]


def _no_pages(root: Path) -> Sequence[str | Path]:
    shutil.rmtree(root / "pages")
    return []


def _settings(text: str) -> Callable[[Path], Sequence[str | Path]]:
    def write(root: Path) -> Sequence[str | Path]:
        (root / "pyproject.toml").write_text(text)
        return []

    return write


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (_no_pages, "validate: pages:1:1: "),
        (_settings("[tool.center"), "validate: pyproject.toml:1:1: "),
        (_settings("tool = 3"), "validate: pyproject.toml:1:1: "),
        (_settings("[tool.center]\nname = 'a'"), "validate: pyproject.toml:1:1: "),
        (lambda root: ["--root", root / "gone"], "validate: pyproject.toml:1:1: "),
        (lambda root: [root / "pages" / "gone.md"], "validate: pages/gone.md:1:1: "),
        (lambda root: [root / "references.yml"], "validate: references.yml:1:1: "),
        (_folder, "validate: pages/folder.md:1:1: "),
        (_empty, "validate: site:1:1: "),
        (lambda root: ["--site", root / "gone"], "validate: gone:1:1: "),
        (lambda root: ["--only-sites"], "validate: nothing to check"),
    ],
)
def test_cannot_run(tiny: Path, breaks: Callable[[Path], Sequence[str | Path]], says: str) -> None:
    """Nothing checked is no success: exit code 2 and one line that names what is missing."""
    done = validate("--root", tiny, *breaks(tiny))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1


def test_unknown_option_is_refused() -> None:
    done = validate("--gone")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_output_is_sorted_and_stable() -> None:
    """Two runs differ in nothing, so that people and tools can compare them."""
    first, second = (validate("--root", PAGES, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.returncode == 1
    assert first.stdout == second.stdout
    lines = [_LINE.fullmatch(line) for line in first.stdout.splitlines()]
    keys = [(m["path"], int(m["line"]), int(m["column"]), m["code"]) for m in lines if m]
    assert len(keys) == len(lines) > len(NAMES) / 2
    assert keys == sorted(keys)
    github = validate("--root", PAGES, "--format", "github")
    assert github.returncode == 1
    said = github.stdout.splitlines()
    assert [line.startswith(("::error file=", "::warning file=")) for line in said] == [True] * len(lines)


def test_terminal_without_the_letters(tiny: Path) -> None:
    (tiny / "pages" / "index.md").write_text(f"{_GOOD}[a](größe.md)", encoding="utf-8")
    done = validate("--root", tiny, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert r"'gr\xf6\xdfe.md'" in done.stdout


def test_only_named_pages(tmp_path: Path) -> None:
    """From any folder, a page is named as the shell has it."""
    done = validate("--root", PAGES, "link-target.md", "../good/links.md", cwd=PAGES / "bad")
    assert {line.split(":")[0] for line in done.stdout.splitlines()} == {"bad/link-target.md", "good/links.md"}
    assert "in 2 pages" in done.stderr


def test_sites_by_the_command() -> None:
    """Pages and several sites in one run, each named as it was given."""
    bad, good = SITES / "built-id-doubled", SITES / "good-links"
    done = validate("--root", PAGES, "--only-sites", "--site", bad, "--site", good)
    assert done.returncode == 1
    assert "CC706" in done.stdout
    assert str(good) not in done.stdout
    assert f"{good} (4 pages)" in done.stderr
