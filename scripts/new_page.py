#!/usr/bin/env python3
"""Lays out a new page from the contract of its kind, with a marked gap for each thing to write.

    python scripts/new_page.py topic understand/a-word.md
    python scripts/new_page.py treatment treatment/a-treatment.md --title "A treatment"

Never overwrites a page. Exits 0 if the page was written, 2 if it could not be.
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, contract, page, scaffold
    from center.finding import DataError
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    told = "run 'make setup' once, then '.venv/bin/python scripts/new_page.py'"
    print(f"new_page: '{error.name}' is not installed here: {told}", file=sys.stderr)
    sys.exit(2)

_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*[a-z0-9]+(?:-[a-z0-9]+)*\.md")


class NewPageError(Exception):
    """The page cannot be written; the message says what must be."""


def place(root: Path, docs: str, given: str) -> PurePosixPath:
    """The name of a new page from the folder of the pages. Raises NewPageError if it cannot stand there."""
    name = given.replace("\\", "/").removeprefix("./").removeprefix(f"{docs}/")
    if not _NAME.fullmatch(name):
        raise NewPageError(
            f"the path must be such as 'folder/a-name.md' below {docs}, in small letters, digits and hyphens, "
            f"not '{given}'"
        )
    file = PurePosixPath(name)
    # "a.md" and "a/index.md" would both be served as "a/".
    twin = file.with_suffix("") / "index.md" if file.name != "index.md" else Path(f"{file.parent}.md")
    for taken in (file, twin):
        if (root / docs / taken).exists():
            raise NewPageError(f"{docs}/{taken} is there already; choose another path than '{name}'")
    return file


def write(root: Path, kind: str, given: str, title: str, today: date) -> tuple[str, int]:
    """Write the page; returns its path and the number of its gaps. Raises NewPageError or DataError."""
    settings = center.settings(root)
    kinds = contract.load()
    if kind not in kinds:
        raise NewPageError(f"the kind must be one of {', '.join(kinds)}, not '{kind}'")
    name = place(root, settings.docs, given)
    try:
        text = scaffold.page(kinds[kind], scaffold.load(root / settings.sections), today, " ".join(title.split()))
    except DataError as error:
        raise DataError(settings.sections, error.line, error.message, error.column) from error
    file = root / settings.docs / name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except OSError as error:
        raise NewPageError(f"{settings.docs}/{name} must be a file that can be written: {error.strerror}") from error
    return f"{settings.docs}/{name}", len(page.parse(text, str(name), name).gaps)


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Lay out a new page from the contract of its kind.")
    parser.add_argument("kind", help=f"one of {', '.join(contract.load())}")
    parser.add_argument("path", help="where it shall stand below the folder of the pages, such as 'folder/a-name.md'")
    parser.add_argument("--title", default="", help="its title (default: a gap)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one this script is in)")
    options = parser.parse_args(given)
    try:
        path, gaps = write(options.root.resolve(), options.kind, options.path, options.title, datetime.now(UTC).date())
    except (NewPageError, DataError) as error:
        print(f"new_page: {error}", file=sys.stderr)
        return 2
    print(f"new_page: wrote {path}, with {gaps} gaps to fill")
    print(f"  1. Give it a place in 'nav' of {center.SITE}, and a link from the page that readers come from.")
    print("  2. Write what each [[gap]] asks for in its place; take out optional sections that have nothing to say.")
    print("  3. 'make check' says what is left, 'make draft' builds a site with what is there.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
