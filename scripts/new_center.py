#!/usr/bin/env python3
"""Writes another condition's center: pages with marked gaps, and all that checks, builds and publishes them.

    python scripts/new_center.py dry-eye ../dry-eye --title "Dry eyes"

The engine is copied as it is; what is about a condition comes from the file of data that the settings name as
``start``. Exits 0 if the center was written, 2 if it could not be.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import shutil
import sys
import tempfile
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    import rules_page
    from center import center, contract, run, scaffold
    from center.data import read_text
    from center.finding import DataError
    from center.site import join
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    told = "run 'make setup' once, then '.venv/bin/python scripts/new_center.py'"
    print(f"new_center: '{error.name}' is not installed here: {told}", file=sys.stderr)
    sys.exit(2)

#: What holds for every center and is copied as it is: files and folders.
COPIED = (
    ".ci",
    ".github/ISSUE_TEMPLATE",
    ".github/dependabot.yml",
    ".github/pull_request_template.md",
    ".github/workflows",
    ".gitignore",
    ".npmrc",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "cspell.json",
    "docs/LICENSE.md",
    "docs/american-medical-association.csl",
    "overrides",
    "package-lock.json",
    "package.json",
    "requirements-dev.txt",
    "requirements-online.txt",
    "requirements.txt",
    "scripts",
    "tests/__init__.py",
    "tests/bench.py",
    "tests/centers",
    "tests/conftest.py",
    "tests/corpus",
    "tests/engines",
    "tests/fuzz.py",
    "tests/icons.py",
    "tests/large.py",
    "tests/links",
    "tests/lock.py",
    "tests/look.py",
    "tests/machine.py",
    "tests/misbehaving.py",
    "tests/pages",
    "tests/sarif.js",
    "tests/servers.py",
    "tests/sites",
    "tests/test_any_browser.py",
    "tests/test_bad_input.py",
    "tests/test_center.py",
    "tests/test_corpus.py",
    "tests/test_facts.py",
    "tests/test_figures.py",
    "tests/test_house.py",
    "tests/test_links.py",
    "tests/test_markdown.py",
    "tests/test_more_rules.py",
    "tests/test_online.py",
    "tests/test_outside.py",
    "tests/test_parallel.py",
    "tests/test_properties.py",
    "tests/test_questions.py",
    "tests/test_reading.py",
    "tests/test_report.py",
    "tests/test_rules.py",
    "tests/test_same_reading.py",
    "tests/test_scaffold.py",
    "tests/webs.py",
    "tests/words.txt",
)
_JUNK = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache", ".cache")


class NewCenterError(Exception):
    """The center cannot be written; the message says what must be."""


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _comment(text: str) -> str:
    """The comment at the head of a data file, with the empty lines in it."""
    head = re.match(r"(?:#[^\n]*\n)*", text)
    return head.group(0) if head else ""


def _set(text: str, key: str, value: object, form: str, file: str) -> str:
    """A text with the value of one key changed. Raises DataError if there is not just one such line."""
    line = form.format(key=re.escape(key))
    changed, count = re.subn(line, lambda m: m.group(1) + json.dumps(value, ensure_ascii=False), text, flags=re.M)
    if count != 1:
        raise DataError(file, 1, f"there must be one line that gives '{key}', not {count}")
    return changed


def _dated(text: str, today: date) -> str:
    """A page that is copied, as checked on the day it was: its words are the engine's own."""
    later = scaffold.months_later(today, 12)
    text = re.sub(r"^checked: .*$", f"checked: {today}", text, count=1, flags=re.M)
    return re.sub(r"^next_check: .*$", f"next_check: {later}", text, count=1, flags=re.M)


def _pictures(root: Path, settings: center.Settings) -> set[Path]:
    """What lies where pages show pictures from, and what is drawn from the mark: they belong to the pages."""
    found = center.read(root, settings)
    shown = [(page, link.target) for page in found.pages for link in page.links if link.kind == "picture"]
    folders = {
        (root / settings.theme / file).parent for page, target in shown if (file := join(page.name.parent, target))
    }
    drawn = set((root / settings.theme).rglob("*.png"))
    return drawn | {file for folder in folders if folder.is_dir() for file in folder.iterdir() if file.is_file()}


def _syllables(root: Path, target: Path, settings: center.Settings) -> None:
    """The tables of syllables, but only words that the new pages use: the others are about another condition.

    Abbreviations with a full stop stay: they are of the language, and tell where a sentence ends.
    """
    used = set()
    for page in (target / settings.docs).rglob("*.md"):
        used |= {word.casefold() for word in re.findall(r"[\w'’.-]+", page.read_text(encoding="utf-8"))}
    table = Path(settings.syllables)
    for file in (root / table.parent).glob(f"{table.name.partition('.')[0]}.*"):
        kept = [
            line
            for line in read_text(file).splitlines(keepends=True)
            if line.startswith("#") or (word := line.split("\t")[0].strip()).casefold() in used or word.endswith(".")
        ]
        _write(target / table.parent / file.name, "".join(kept))


def write(root: Path, name: str, target: Path, title: str, today: date) -> None:
    """Write a center after the one at ``root``. Raises NewCenterError or DataError."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        raise NewCenterError(f"the name must be of small letters, digits and hyphens, such as 'dry-eye', not '{name}'")
    if not title:
        raise NewCenterError('the title must have words, such as --title "Dry eyes"')
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise NewCenterError(f"{target} must be a new or an empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: what went wrong half-way must not look like a center.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as made:
        _lay_out(root, name, Path(made) / name, title, today)
        (Path(made) / name).replace(target)


def _lay_out(root: Path, name: str, target: Path, title: str, today: date) -> None:
    settings = center.settings(root)
    start = scaffold.start(root / settings.start, name=name, title=title)
    words = scaffold.load(root / settings.sections)
    kinds = contract.load()
    choice = run.choose(settings)

    pictures = _pictures(root, settings)

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if Path(folder, name) in pictures} | _JUNK(folder, names)

    for entry in (*COPIED, settings.phrases, settings.sections, settings.start):
        source, to = root / entry, target / entry
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, to, ignore=left_out)
        else:
            shutil.copy(source, to)

    for page in start.pages:
        file = target / settings.docs / page.path
        if page.path == rules_page.PAGE:
            _write(file, rules_page.page(_dated(read_text(root / settings.docs / page.path), today), choice, today))
        elif not page.kind:
            _write(file, read_text(root / settings.docs / page.path))
        elif page.kind not in kinds:
            raise DataError(settings.start, 1, f"'{page.path}' must be of a kind there is, not '{page.kind}'")
        else:
            _write(file, scaffold.page(kinds[page.kind], words, today, page.title, page.given))

    site = read_text(root / center.SITE)
    for key, value in start.site.items():
        site = _set(site, key, value, r"^( *{key}: ).*$", center.SITE)
    site, count = re.subn(r"^nav:\n(?:[ -].*\n)+", lambda _: start.nav, site, flags=re.M)
    if count != 1:
        raise DataError(center.SITE, 1, "there must be one 'nav:', of lines with no empty line in them")
    for key, value in start.extra.items():
        found = list(re.finditer(rf"^  {re.escape(key)}:\n(?:    .*\n)+", site, re.M))
        if len(found) != 1:
            raise DataError(center.SITE, 1, f"there must be one 'extra: {key}:', of lines with no empty line in them")
        lines = f"  {key}:\n{textwrap.indent(value, '    ')}"
        site = site[: found[0].start()] + lines + site[found[0].end() :]
    _write(target / center.SITE, site)

    project = read_text(root / "pyproject.toml")
    before, mark, after = project.partition("\n[tool.center]\n")
    for key, setting in start.settings.items():
        after = _set(after, key, setting, r"^({key} = )(?:\"[^\"\n]*\"|\[[^\]\n]*\])", "pyproject.toml")
    _write(target / "pyproject.toml", before + mark + after)

    readme = read_text(root / "README.md")
    _write(target / "README.md", f"{start.readme.strip()}\n\n{readme[readme.index('## ') :]}")
    for path, text in start.files.items():
        escaped = text.replace(title, html.escape(title)) if path.endswith(".svg") else text
        _write(target / path, _comment(read_text(root / path)) + escaped)
    _syllables(root, target, settings)


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Write another condition's center, with marked gaps.")
    parser.add_argument("name", help="names the files that people take home, such as 'dry-eye'")
    parser.add_argument("folder", type=Path, help="where to write it: a new or an empty folder")
    parser.add_argument("--title", required=True, help="what patients call it, such as 'Dry eyes'")
    parser.add_argument("--root", type=Path, default=ROOT, help="the center to write it after (default: this one)")
    options = parser.parse_args(given)
    title = " ".join(options.title.split())
    try:
        write(options.root.resolve(), options.name, options.folder.resolve(), title, datetime.now(UTC).date())
    except (NewCenterError, DataError) as error:
        print(f"new_center: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"new_center: {error.filename} must be readable, and its copy writable: {error.strerror}", file=sys.stderr
        )
        return 2
    print(f"new_center: wrote {options.folder}")
    print("  1. There: 'git init', then 'make draft' builds a site of what is there, gaps and all.")
    print("  2. 'make check' lists every gap, with file and line. Write what each asks for in its place.")
    print("  3. The gaps of README.md too; look at .github and LICENSE. Then 'make site' builds what readers get.")
    print("  4. Once it has a mark of its own, 'make icons' draws its icons: then name their folder in mkdocs.yml.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
