"""Times of the commands, as ratios within one run. Never a test: a slow day is no fault."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def seconds(command: list[str], folder: Path) -> float:
    """Median time of a command, one run before the first left out."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            capture_output=True,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        )
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def stock(folder: Path) -> Path:
    """The same pages for stock Material: our extensions and templates left out."""
    shutil.copytree(ROOT / "docs" / "en", folder / "docs")
    # What only our extensions or theme folder understand would stop a strict build; it stays as text.
    (folder / "mkdocs.yml").write_text(
        "site_name: Stock\ntheme: {name: material, font: false, features: [navigation.indexes, navigation.prune]}\n"
        "markdown_extensions: [attr_list, tables, toc]\nplugins: [search]\n",
        encoding="utf-8",
    )
    return folder


def main() -> int:
    """Measure and print; returns the exit code."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as made:
        plain = stock(Path(made) / "stock")
        pages = len(list((ROOT / "docs" / "en").rglob("*.md")))
        rows = {
            "stock Material, same pages": seconds([python, "-m", "mkdocs", "build", "-d", f"{made}/a"], plain),
            "our site, MkDocs alone": seconds([python, "-m", "mkdocs", "build", "-d", f"{made}/b"], ROOT),
            "check the pages": seconds([python, "scripts/validate.py"], ROOT),
            "make site (two sites, checks, zip)": seconds([python, "scripts/build.py"], ROOT),
        }
    base = next(iter(rows.values()))
    print(f"{pages} pages, median of {RUNS} runs; ratio to {next(iter(rows))}")
    for name, value in rows.items():
        print(f"{name:38}{value:8.2f} s{value / base:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
