"""A center as large as it is meant to become: the real one, its pages copied under other names, and both its sites."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Pages that hold what a center has only once: others of their kind are no use to measure.
_ONCE = {"index.md", "glossary.md", "sources.md"}


def write(root: Path, pages: int) -> int:
    """Copy the repository's sources to ``root`` and its pages until there are ``pages``. Returns how many there are."""
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    docs = root / "docs/en"
    originals = sorted(docs.rglob("*.md"))
    copied = [file for file in originals if file.relative_to(docs).as_posix() not in _ONCE]
    count, links = len(originals), []
    while count < pages:
        file = copied[(count - len(originals)) % len(copied)]
        copy = file.with_name(f"{file.stem}-{count}.md")
        front, title, rest = file.read_text(encoding="utf-8").partition("\n# ")
        copy.write_text(
            f"{front.replace('title: ', f'title: Copy {count} of ', 1)}{title}Copy {count} of {rest}", encoding="utf-8"
        )
        links.append(f"- [Copy {count}]({copy.relative_to(docs).as_posix()})")
        count += 1
    # Each page is led to from a page, as a reader's way asks; the nav names the originals alone.
    glossary = docs / "glossary.md"
    text = glossary.read_text(encoding="utf-8")
    glossary.write_text("\n".join([text, "## Copies {#copies}", "", *links, ""]), encoding="utf-8")
    settings = root / "mkdocs.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("omitted_files: warn", "omitted_files: ignore"), encoding="utf-8"
    )
    return count


def build(root: Path) -> tuple[Path, Path]:
    """The offline copy and the hosted site of the center at ``root``."""
    made = root / "offline", root / "hosted"
    for folder, offline in zip(made, ("true", "false"), strict=True):
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "-d", str(folder)],
            cwd=root,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "OFFLINE": offline},
            check=True,
            capture_output=True,
        )
    (made[0] / "404.html").unlink()
    return made
