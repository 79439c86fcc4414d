"""Which pages a change touches, by git's word: a quick check looks at these alone."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from dataclasses import astuple
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from center.center import Center, Settings
from center.finding import DataError
from center.site import join

#: Where settings and rules stand: a change there may concern every page.
_SHARED = ("pyproject.toml", "mkdocs.yml", "scripts")


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (arguments as a list, no shell)
            ["git", "-C", str(root), *arguments],  # noqa: S607  (git as installed)
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except OSError as error:
        raise DataError(".", 1, f"'--changed' needs git: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["the two have no commit in common here"]
        raise DataError(".", 1, f"'--changed' needs git to compare with a commit that it knows: {said[0]}")
    return done.stdout


def files(root: Path, base: str) -> frozenset[PurePosixPath]:
    """Files below ``root`` that differ from where the branch left ``base``, deleted and new ones too.

    Raises DataError if git cannot say.
    """
    start = _git(root, "merge-base", "--end-of-options", base, "HEAD").strip()
    found = _git(root, "diff", "--name-only", "--no-renames", "--relative", "-z", start)
    found += _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(PurePosixPath(name) for name in found.split("\0") if name)


def pages(found: Center, chosen: Settings, changed: Collection[PurePosixPath]) -> list[str]:
    """Printed paths of the pages that a change of ``changed`` touches.

    That is a changed page, one that links to a changed file, and every page if what all share has changed.
    """
    docs = PurePosixPath(chosen.docs)
    shared = {PurePosixPath(value) for value in (*_SHARED, *astuple(chosen)) if isinstance(value, str) and value}
    shared -= {docs}
    if any(not shared.isdisjoint((file, *file.parents)) for file in changed if not file.is_relative_to(docs)):
        return [page.path for page in found.pages]
    inside = {file.relative_to(docs) for file in changed if file.is_relative_to(docs)}
    touched = []
    for page in found.pages:
        targets = (unquote(_path(link.target)) for link in page.links)
        if page.name in inside or any(join(page.name.parent, target) in inside for target in targets if target):
            touched.append(page.path)
    return touched


def _path(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError:  # another rule's finding
        return ""
