"""The house keeps its own rules: what may import what, what the engine may name, style, spelling, workflows."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from center import center, contract, glossary

from tests import machine
from tests.conftest import ROOT

ENGINE = ROOT / "scripts/center"

#: Each part of the engine with the parts below it, which alone it may import.
BELOW = {
    "finding": set(),
    "data": {"finding"},
    "contract": {"finding"},
    "record": {"data", "finding"},
    "sources": {"data", "finding"},
    "glossary": {"data", "finding"},
    "people": set(),
    "sheet": set(),
    "film": {"svg", "finding"},
    "questions": {"data", "finding"},
    "figures": {"markup", "page", "people", "sheet", "film", "prose", "sources", "data", "finding"},
    "parallel": set(),
    "phrases": {"data", "finding"},
    "wording": {"data", "finding"},
    "nav": {"data", "finding"},
    "calls": {"phrases", "prose"},
    "extra": {"nav", "data", "finding"},
    "svg": {"finding"},
    "gaps": {"data"},
    "rawhtml": set(),
    "markup": {"rawhtml", "record", "sources", "data", "finding"},
    "prose": {"markup", "sources"},
    "page": {"markup", "prose", "silence", "record", "sources", "gaps", "data", "finding"},
    "links": {"parallel", "data", "finding"},
    "site": {"links", "data", "finding"},
    "reading": {"page", "data", "finding"},
    "center": {
        "parallel",
        "page",
        "sources",
        "glossary",
        "phrases",
        "reading",
        "contract",
        "extra",
        "figures",
        "nav",
        "svg",
        "gaps",
        "wording",
        "data",
        "finding",
    },
    "scaffold": {"contract", "gaps", "data", "finding"},
    "silence": {"markup", "finding"},
    "outside": {"center", "links", "data", "finding"},
    "online": {"outside", "links"},
    "changed": {"center", "site", "finding"},
    "checks": {
        "center",
        "calls",
        "figures",
        "page",
        "prose",
        "nav",
        "svg",
        "site",
        "links",
        "sources",
        "people",
        "sheet",
        "film",
        "questions",
        "phrases",
        "wording",
        "reading",
        "contract",
        "record",
        "silence",
        "outside",
        "gaps",
        "finding",
    },
    "run": {"checks", "center", "page", "reading", "site", "links", "silence", "outside", "parallel", "finding"},
    "report": {"finding"},
    "markdown": {"sources", "glossary", "people", "sheet", "film", "questions", "svg", "data", "finding"},
}


def part(path: Path) -> str:
    """The part of the engine a file belongs to."""
    return path.relative_to(ENGINE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Parts of the engine that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "center" else {node.module}
            )
    return {name.split(".")[1] for name in found if name.startswith("center.")}


@pytest.mark.parametrize("path", sorted(ENGINE.rglob("*.py")), ids=lambda p: p.relative_to(ENGINE).as_posix())
def test_imports_go_down_only(path: Path) -> None:
    own = part(path)
    if own == "__init__":
        assert imported(path) == set()
        return
    assert imported(path) <= BELOW[own] | {own}


def test_an_import_upward_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("from center import run\nimport center.checks.links\nfrom center.page import Page\n")
    assert imported(planted) == {"run", "checks", "page"}


def own_words() -> set[str]:
    """Words that belong to this center alone: its medical terms, and the words that many of them are made of."""
    terms = glossary.load(ROOT / center.settings(ROOT).glossary)
    medical = {form.lower() for t in terms for form in (t.term, *t.abbr, *t.match) if len(form) > 3}
    parts = Counter(word for t in terms for word in set(re.findall(r"[a-z]{4,}", " ".join((t.term, *t.match)).lower())))
    svg = {"stroke"}  # an attribute too
    return (medical | {word for word, count in parts.items() if count >= 5}) - {"stress test"} - svg


def engine_texts() -> list[tuple[Path, str]]:
    """Every file of the engine and the commands beside it."""
    files = [*ENGINE.rglob("*.py"), *ENGINE.rglob("*.toml"), *(ROOT / "scripts").glob("*.py")]
    return [(path, path.read_text(encoding="utf-8").lower()) for path in sorted(files)]


def test_the_engine_names_no_condition() -> None:
    named = re.compile(rf"\b({'|'.join(sorted(map(re.escape, own_words())))})s?\b")
    found = [(path.name, match.group(0)) for path, text in engine_texts() for match in named.finditer(text)]
    assert found == []


def test_the_engine_prints_no_words_of_the_pages() -> None:
    settings = yaml.safe_load(re.sub(r"!ENV.*", '""', (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    printed = [text for text in settings["extra"]["words"].values() if isinstance(text, str) and len(text) > 12]
    assert len(printed) > 10
    found = [(path.name, words) for path, text in engine_texts() for words in printed if words.lower() in text]
    assert found == []


def test_every_kind_of_page_has_a_contract_that_loads() -> None:
    assert set(contract.load()) == {
        "home", "topic", "test", "treatment", "living", "decision", "action", "tool", "reference", "about", "moved",
    }  # fmt: skip
    used = {page.kind for page in center.read(ROOT, center.settings(ROOT)).pages}
    assert used <= set(contract.load())
    assert {"home", "topic", "test", "treatment", "living", "decision", "action", "tool", "reference", "about"} <= used


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool run over the repository."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "scripts", "tests"],
        ["ruff", "format", "--check", "scripts", "tests"],
        ["mypy"],
        ["rumdl", "check", "."],
        ["zizmor", "--offline", "--quiet", ".github"],
    ],
    ids=lambda c: " ".join(c[:2]),
)
def test_tool_finds_nothing(command: list[str]) -> None:
    done = ran(str(Path(sys.executable).parent / command[0]), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


def spelling(*files: str) -> list[str]:
    """Words that no dictionary knows, with file, line and column."""
    done = ran(*machine.node("node_modules/cspell/bin.mjs", "lint", "--no-progress", "--no-summary", *files))
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def test_spelling() -> None:
    assert spelling() == []


def test_misspelled_medical_words_are_seen() -> None:
    planted = ROOT / "docs/en/planted-for-the-spelling-test.md"
    try:
        planted.write_text("The echocardiogrm of leafelts and fibrilation.\n", encoding="utf-8")
        found = " ".join(spelling(str(planted.relative_to(ROOT))))
    finally:
        planted.unlink()
    assert all(word in found for word in ("echocardiogrm", "leafelts", "fibrilation"))


def tracked() -> list[str]:
    """Files that git holds or would hold."""
    done = ran("git", "ls-files", "--cached", "--others", "--exclude-standard")
    assert done.returncode == 0, done.stderr
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_machine() -> None:
    """Locks carry hashes, never addresses; nothing carries a path of the machine it was written on."""
    wrong = re.compile(
        r"--(?:extra-)?index-url +http|\"resolved\":|registry\s*=\s*\"?http|pypi\.org/simple|" + "/wo" + "rk/"
    )
    found = []
    for name in tracked():
        if name.endswith((".png", ".zip")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        found += [f"{name}: {m.group(0)}" for m in wrong.finditer(text) if name != "tests/test_house.py"]
    assert found == []


def test_every_requirement_is_locked_with_hashes() -> None:
    for name in (
        "requirements.txt",
        "requirements-online.txt",
        "requirements-dev.txt",
        *map(str, sorted((ROOT / "tests/engines").glob("*.txt"))),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-zA-Z0-9._-]+==", text, re.M)
        assert len(pins) >= 10
        assert len(re.findall(r"^[a-zA-Z0-9._-]+==[^\n]*\\\n +--hash=sha256:", text, re.M)) == len(pins), name


def test_each_lock_holds_the_one_before() -> None:
    """Tests run on the very versions that readers get, and asking outside does too."""
    pins = [
        dict(re.findall(r"^([a-z0-9._-]+)==([^ \\;]+)", (ROOT / name).read_text(encoding="utf-8"), re.M))
        for name in ("requirements.txt", "requirements-online.txt", "requirements-dev.txt")
    ]
    assert pins[0].items() < pins[1].items() < pins[2].items()


def test_npm_packages_are_locked_by_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in packages.items() if name and not entry.get("integrity")] == []


def test_actions_are_pinned_by_commit() -> None:
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        uses = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
        assert uses
        for action, comment in uses:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


def test_the_readme_and_the_gate_name_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run", ".github/workflows/deploy.yml"):
        named = set(
            re.findall(r"\bmake ([a-z]+)\b", re.sub(r"make a\b", "", (ROOT / name).read_text(encoding="utf-8")))
        )
        assert named - {"it"} <= targets, name
    helped = ran("make", "help").stdout
    assert {"site", "test", "serve", "check", "bench", "help"} <= set(re.findall(r"^  make ([a-z]+)", helped, re.M))
    assert ran("make").stdout == helped


def test_a_command_without_its_environment_says_what_to_do(tmp_path: Path) -> None:
    """The system's Python has none of our libraries; the commands say so in one line."""
    for script in ("validate.py", "build.py", "rules_page.py", "new_page.py", "new_center.py"):
        done = ran(sys.executable, "-S", str(ROOT / "scripts" / script))
        assert done.returncode == 2
        assert "make " in done.stderr
        assert "Traceback" not in done.stderr
