#!/usr/bin/env python3
"""Checks the pages of the center and, if asked, built sites.

    python scripts/validate.py                      every page
    python scripts/validate.py docs/en/get-help.md  some pages
    python scripts/validate.py --site site          pages and a built site

Prints ``path:line:column CODE message``, sorted. Exits 0 if all is well, 1 if there is something to mend,
2 if it could not run.
"""

from __future__ import annotations

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, finding, report, run, site
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    told = "run 'make setup' once, then '.venv/bin/python scripts/validate.py'"
    print(f"validate: '{error.name}' is not installed here: {told}", file=sys.stderr)
    sys.exit(2)


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check the pages of the center and built sites.")
    parser.add_argument("pages", nargs="*", type=Path, help="only these pages (default: every page)")
    parser.add_argument("--site", action="append", type=Path, default=[], help="also a built site; may be repeated")
    parser.add_argument("--only-sites", action="store_true", help="leave the pages out, check the sites alone")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one this script is in)")
    parser.add_argument("--format", choices=sorted(report.FORMATS), default="text", help="how to print findings")
    return parser.parse_args(given)


def _label(path: Path, root: Path) -> str:
    """A path as it is printed: from the repository if it lies there."""
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter must not hide a finding
            stream.reconfigure(errors="backslashreplace")
    options = _arguments(given)
    root = options.root.resolve()
    findings, looked_at = [], []
    try:
        settings = center.settings(root)
        if not options.only_sites:
            pages = center.read(root, settings)
            only = [_label(path, root) for path in options.pages] or None
            unknown = sorted(set(only or ()) - {p.path for p in pages.pages})
            if unknown:
                raise finding.DataError(unknown[0], 1, f"this must be a page below {settings.docs}")
            findings += run.sources(pages, settings, datetime.now(UTC).date(), only)
            looked_at.append(f"{len(only or pages.pages)} pages")
        for folder in options.site:
            built = site.read(folder, _label(folder, root))
            findings += run.site(built, settings)
            looked_at.append(f"{built.label} ({len(built.pages)} pages)")
    except finding.DataError as error:
        print(f"validate: {error}", file=sys.stderr)
        return 2
    if not looked_at:
        print("validate: nothing to check: name a --site", file=sys.stderr)
        return 2
    findings.sort()
    if findings:
        print(report.FORMATS[options.format](findings))
    print(f"validate: {report.summary(findings, ' and '.join(looked_at))}", file=sys.stderr)
    return 1 if any(f.severity == "error" for f in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
