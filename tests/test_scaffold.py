"""A new page and a new center: laid out from data, and nothing to mend in them but their gaps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import new_center
import new_page
import pytest
import rules_page
from center import center, contract, gaps, page, run, scaffold, site
from center.finding import DataError, Finding

from tests.conftest import ROOT, copy_center
from tests.test_house import own_words

TODAY = date(2026, 11, 22)
TITLE = 'Dry "eyes" & <tears>'
KINDS = contract.load()


def command(script: str, *given: str | Path, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command of the center at ``root``, with its own engine."""
    return subprocess.run(
        [sys.executable, root / "scripts" / script, *given],
        env=os.environ | {"PYTHONPATH": str(root / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )


def texts(folder: Path) -> dict[str, bytes]:
    """Every file of a center but what is built or compiled, by its path."""
    return {
        name: file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and not (name := file.relative_to(folder).as_posix()).startswith((".build", "draft/", "site/"))
        and "__pycache__" not in name
    }


def findings(root: Path, today: date = TODAY) -> list[Finding]:
    """What is found in a center."""
    settings = center.settings(root)
    return run.sources(center.read(root, settings), settings, today)


def test_a_new_page_of_every_kind_has_nothing_to_mend_but_its_gaps(copy: Path) -> None:
    made = {kind: new_page.write(copy, kind, f"a-folder/{kind}.md", "", TODAY) for kind in KINDS}
    menu = "".join(f"  - a-folder/{kind}.md\n" for kind in KINDS)  # as the command says to do next
    site_file = copy / "mkdocs.yml"
    site_file.write_text(site_file.read_text(encoding="utf-8").replace("nav:\n", f"nav:\n{menu}", 1), encoding="utf-8")
    found = [f for f in findings(copy) if "/a-folder/" in f.path]
    assert run.unfinished(found) == found
    assert Counter(f.path for f in found) == dict(made.values())
    for path, _ in made.values():  # filled, it keeps its contract
        text = (copy / path).read_text(encoding="utf-8")
        (copy / path).write_text(gaps.GAP.sub("Some words", text), encoding="utf-8")
    left = {f.code for f in findings(copy) if "/a-folder/" in f.path}
    lacking = {"CC403": "sources", "CC506": "length", "CC210": "questions that are listed", "CC314": "a new address"}
    assert left <= set(lacking), "words alone lack nothing else"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.kind)
def test_a_new_page_holds_what_its_contract_asks_for(kind: contract.Contract) -> None:
    text = scaffold.page(kind, scaffold.load(ROOT / center.settings(ROOT).sections), TODAY)
    made = page.parse(text, "a.md", PurePosixPath("a.md"))
    assert [h.id for h in made.headings if h.level == 2] == [section.id for section in kind.sections]
    assert made.record is not None
    assert made.record.get("checked") == TODAY
    assert made.record.get("next_check") == scaffold.months_later(TODAY, kind.next_check)


def test_optional_sections_are_marked_and_lists_are_long_enough() -> None:
    words = scaffold.load(ROOT / center.settings(ROOT).sections)
    text = scaffold.page(KINDS["treatment"], words, TODAY, "A title")
    marked = words.page["optional"].split("{hint}")[0]
    assert text.count(marked) == len([s for s in KINDS["treatment"].sections if not s.required])
    assert text.count("\n- [[") == sum(s.items[0] for s in KINDS["treatment"].sections if s.items)
    assert 'title: "A title"\n' in text
    assert "\n# A title\n" in text


@pytest.mark.parametrize(
    ("kind", "path", "says"),
    [
        ("topics", "a.md", "the kind must be one of about, "),
        ("topic", "index.md", "is there already"),
        ("topic", "get-help/index.md", "docs/en/get-help.md is there already"),
        ("topic", "understand.md", "docs/en/understand/index.md is there already"),
        ("topic", "../a.md", "the path must be such as"),
        ("topic", "/a.md", "the path must be such as"),
        ("topic", "A Page.md", "the path must be such as"),
        ("topic", "a-page", "the path must be such as"),
        ("topic", "a.txt/a.md", "the path must be such as"),
    ],
)
def test_a_page_that_cannot_be_is_refused_in_one_line(
    copy: Path, kind: str, path: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(copy)
    assert new_page.main([kind, path, "--root", str(copy)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("new_page: ")
    assert says in told.err
    assert told.err.count("\n") == 1
    assert texts(copy) == before


def test_a_new_page_says_what_to_do_next(copy: Path) -> None:
    done = command("new_page.py", "moved", "docs/en/an-old-address.md", "--title", "An old address", "--root", copy)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("new_page: wrote docs/en/an-old-address.md, with 2 gaps to fill\n")
    for word in ("nav", "make check", "make draft"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert scaffold.months_later(day, months) == later


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kinds:\n", "kind:\n", "sections.en.yml:1:1: the file must give exactly page, kinds, sections"),
        ("  item: One more\n", "", "'page' must give exactly"),
        ("    title: In short\n", "", "'in-short' must give 'title' and 'hint'"),
        ("    title: In short\n", "    title: [In short]\n", "'in-short' must give a text for each"),
        ("  in-short:\n", "  short:\n", "there must be a heading and a hint for the section 'in-short'"),
        ("  topic: ", "  topics: ", "'kinds' must say what stands first on a page of kind 'topic'"),
        ("page:\n", "page: [\n", "valid YAML is needed here"),
    ],
)
def test_words_that_cannot_be_used_are_named(copy: Path, old: str, new: str, says: str) -> None:
    file = copy / center.settings(copy).sections
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((DataError, new_page.NewPageError), match=re.escape(says)):
        new_page.write(copy, "topic", "a.md", "", TODAY)
    assert not (copy / "docs/en/a.md").exists()


@pytest.mark.parametrize(
    ("file", "before"),
    [
        ("docs/references.yml", "  title: "),
        ("docs/glossary.en.yml", "  meaning: "),
        ("docs/phrases.en.yml", "    instead: "),
        ("mkdocs.yml", "site_name: "),
    ],
)
def test_a_gap_in_the_data_is_found(copy: Path, file: str, before: str) -> None:
    text = (copy / file).read_text(encoding="utf-8")
    place = text.index(f"\n{before}") + 1
    planted = f"{text[:place]}{before}'ä [[planted]]' # {text[place + len(before) :]}"
    (copy / file).write_text(planted, encoding="utf-8")
    found = [(f.path, f.line, f.column) for f in findings(copy) if "[[planted]]" in f.message]
    assert found == [(file, text[:place].count("\n") + 1, len(f"{before}'ä ") + 1)]


def test_lists_in_lists_and_broken_data_are_no_gaps() -> None:
    assert list(gaps.in_yaml("date-parts: [[2021, 3]]\n# [[a comment]]\n")) == []
    assert list(gaps.in_yaml("a: '[[x]]\n")) == []
    assert list(gaps.in_yaml("[" * 100_000)) == []
    assert list(gaps.in_yaml("a: |\n  ä [[over\n  lines]]\n", 5)) == [("[[over\n  lines]]", 6, 5)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another condition's center, as the command writes it."""
    folder = tmp_path_factory.mktemp("begun") / "a center"
    done = command("new_center.py", "dry-eye", folder, "--title", TITLE)
    assert done.returncode == 0, done.stderr
    for word in ("make draft", "make check", "make site"):
        assert word in done.stdout
    return folder


def test_a_new_center_has_no_finding_but_gaps(begun: Path) -> None:
    found = findings(begun, datetime.now(UTC).date())
    gaps = run.unfinished(found)
    assert [f for f in found if f not in gaps] == []
    pages = {p.path for p in center.read(begun, center.settings(begun)).pages}
    data = {"README.md", "mkdocs.yml", "docs/references.yml", "docs/glossary.en.yml"}
    assert {f.path for f in gaps} == pages - {f"docs/en/{rules_page.PAGE}"} | data
    done = command("validate.py", root=begun)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == len(found) > 100


def test_a_new_center_has_pages_of_every_kind_in_its_navigation(begun: Path) -> None:
    pages = center.read(begun, center.settings(begun)).pages
    assert {p.kind for p in pages} == set(KINDS) - {"moved"}
    nav = (begun / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:\n")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"[\w/-]+\.md", nav)) == sorted(str(p.name) for p in pages)


def test_a_new_center_builds_at_once_as_a_draft_alone(begun: Path) -> None:
    refused = command("build.py", root=begun)
    assert refused.returncode == 1
    assert not (begun / "site").exists()
    done = command("build.py", "--draft", root=begun)
    assert done.returncode == 0, done.stdout + done.stderr
    settings = center.settings(begun)
    assert settings.name == "dry-eye"
    assert (begun / "draft/downloads/dry-eye-draft.zip").is_file()
    for folder in ("draft", ".build/offline"):
        built = site.read(begun / folder, folder)
        assert run.site(built, settings) == []
        assert len(built.pages) > len(center.read(begun, settings).pages)
    home = (begun / "draft/index.html").read_text(encoding="utf-8")
    assert "Dry &#34;eyes&#34; &amp; " in home


def test_a_new_center_dates_its_page_of_rules(begun: Path) -> None:
    """It begins its own year: an old day would make the copy overdue before ours is."""
    pages = center.read(begun, center.settings(begun)).pages
    rules = next(p for p in pages if str(p.name) == rules_page.PAGE)
    assert rules.record is not None
    days = {p.record.get("checked") for p in pages if p.record}
    assert len(days) == 1, "as the pages laid out on the same day"
    assert rules.record.get("next_check") == scaffold.months_later(days.pop(), 12)


def test_a_new_center_passes_its_own_tests(begun: Path, tmp_path: Path) -> None:
    """As they were copied: its drafted pages are built by its own engine, and looked at."""
    root = shutil.copytree(begun, tmp_path / "tested", ignore=shutil.ignore_patterns("draft", ".build"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_center.py"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_test_is_copied_or_about_our_own_pages() -> None:
    ours = {
        f"test_{name}.py"
        for name in ("answers", "browser", "build", "engines", "film", "look", "mistakes", "pictures", "social")
    }
    ours |= {f"test_tools_{name}.py" for name in ("journey", "keep", "questions", "sheets")}
    tests = {file.name for file in (ROOT / "tests").glob("test_*.py")}
    copied = {Path(name).name for name in new_center.COPIED if name.startswith("tests/test_")}
    assert tests - ours == copied


def test_readers_sheets_are_kept_under_the_centers_name(begun: Path) -> None:
    """Centers of one host share one store: under one name, they would read each other's sheets."""
    for root in (ROOT, begun):
        name = center.settings(root).name
        assert f'\n  keep: "{name}"\n' in (root / "mkdocs.yml").read_text(encoding="utf-8")


def test_a_new_center_says_nothing_of_ours(begun: Path) -> None:
    """No file but the engine's own tests, which need words to test with, has a word of this center's condition."""
    elsewhere = {"echo", "stroke"}  # a command of the shell; an attribute of SVG
    words = {word for word in own_words() if "[[" not in word} - elsewhere
    named = re.compile(rf"(?<![\w-])({'|'.join(sorted(map(re.escape, words))) or '(?!)'})s?(?![\w-])")
    found = []
    for name, content in texts(begun).items():
        if not name.startswith("tests/") or name in ("tests/words.txt", "tests/test_center.py"):
            found += [(name, match.group(0)) for match in named.finditer(content.decode().lower())]
    assert found == []


def test_a_new_center_changes_no_line_of_python(begun: Path) -> None:
    ours = {name: text for name, text in texts(ROOT / "scripts").items() if name.endswith((".py", ".toml"))}
    theirs = {name: text for name, text in texts(begun / "scripts").items() if name.endswith((".py", ".toml"))}
    assert ours == theirs


def test_a_new_center_begets_its_like(begun: Path, tmp_path: Path) -> None:
    """Nothing of ours is needed to begin the next one: the same name and title give the same files."""
    done = command("new_center.py", "dry-eye", tmp_path / "next", "--title", TITLE, root=begun)
    assert done.returncode == 0, done.stderr
    assert texts(tmp_path / "next") == texts(begun)


@pytest.mark.parametrize(
    ("name", "title", "says"),
    [
        ("Dry Eye", "Dry eyes", "the name must be of small letters, digits and hyphens"),
        ("dry-eye", " ", "the title must have words"),
        ("dry-eye", "Dry eyes", "must be a new or an empty folder"),
    ],
)
def test_a_center_that_cannot_be_is_refused_in_one_line(
    tmp_path: Path, name: str, title: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    assert new_center.main([name, str(tmp_path), "--title", title]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert says in told.err
    assert told.err.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["kept.txt"]


def test_a_center_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    root = copy_center(tmp_path / "center")  # it has no Makefile, no engine, no licenses
    done = command("new_center.py", "dry-eye", tmp_path / "new", "--title", "Dry eyes", "--root", root)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["center"]
