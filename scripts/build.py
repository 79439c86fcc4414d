#!/usr/bin/env python3
"""Builds everything a reader gets: the offline copy, its zip and the hosted site, in that order.

    python scripts/build.py
    python scripts/build.py --draft

The sources are checked first and both sites after they are built. If anything is wrong, the site that is
there stays as it was. The same commit gives the same bytes, in any folder, time zone and language.

A draft may hold gaps, and nothing else that is wrong. It is built into a folder of its own, so that what is
published from "site" never holds one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, finding, report, run, site
    from center.links import web
    from turbohtml import parse
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    told = "run 'make setup' once, then '.venv/bin/python scripts/build.py'"
    print(f"build: '{error.name}' is not installed here: {told}", file=sys.stderr)
    sys.exit(2)

#: What a copy on a disk has no use for: pages that only a server sends, maps for developers' tools, and pictures of
#: home screens and previews. Of the icons, the browser's tab shows one.
_NOT_OFFLINE = (
    "404.html",
    "sitemap.xml",
    "sitemap.xml.gz",
    "**/*.map",
    "assets/icons/apple-*",
    "assets/icons/icon-[!3]*",
    "assets/icons/maskable-*",
    "assets/icons/share.png",
)
_MANIFEST = "app.webmanifest"
#: Icons of the manifest, by the end of their names, with what a phone may do with them.
_ICONS = {"icon-192": "any", "icon-512": "any", "maskable-512": "maskable"}
#: The first moment a zip can hold.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


class BuildError(Exception):
    """The build cannot go on; the message says what to mend."""


def source_date(root: Path) -> str:
    """Seconds since 1970 of the last commit, or of the first day a zip can hold where there is no git."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    try:
        done = subprocess.run(  # noqa: S603  (our own arguments)
            ["git", "-C", str(root), "log", "-1", "--format=%ct"],  # noqa: S607  (git as installed)
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "315532800"
    return done.stdout.strip() or "315532800"


def mkdocs(root: Path, folder: Path, **environment: str) -> None:
    """One strict MkDocs build of ``root`` into ``folder``. Raises BuildError with what it printed."""
    # Never quiet: with -q a strict build of a broken site exits 0.
    done = subprocess.run(  # noqa: S603  (our own arguments)
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(root / "mkdocs.yml"), "-d", str(folder)],
        cwd=root,
        env=os.environ
        | {"NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": source_date(root)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (folder / "index.html").is_file():
        kept = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("INFO")]
        raise BuildError("MkDocs could not build the site:\n" + "\n".join(kept).strip())


def check(outcome: run.Outcome, what: str) -> None:
    """Print findings; raises BuildError if one is an error."""
    found = report.Report(outcome.findings, outcome.silenced, [what])
    if found.findings:
        form = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
        print(report.FORMATS[form](found))
    if any(f.severity == "error" for f in found.findings):
        raise BuildError(f"{report.summary(found)}; see the lines above")


def pack(folder: Path, file: Path) -> None:
    """Zip a folder under the zip's own name: the same bytes for the same files."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(f"{file.stem}/{path.relative_to(folder).as_posix()}", _ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, path.read_bytes())


def icons(folder: Path) -> list[tuple[Path, str]]:
    """The icons for a home screen that lie in a theme or a site, with what a phone may do with each."""
    return [(path, use) for name, use in _ICONS.items() for path in sorted(folder.glob(f"assets/**/{name}.png"))]


def manifest(folder: Path) -> str:
    """What lets a phone keep the site as an app, from what its home page says.

    All addresses are relative, so that it holds wherever the site lies.
    """
    home = parse((folder / "index.html").read_bytes())
    named = {element.attr("name"): element.attr("content") for element in home.select("meta[name]")}
    color = next((element.attr("content") for element in home.select("meta[name='theme-color']")), None)
    page = next(iter(home.select("html[lang]")), None)
    told: dict[str, object] = {
        "name": named.get("application-name"),
        "short_name": named.get("apple-mobile-web-app-title"),
        "description": named.get("description"),
        "lang": page.attr("lang") if page else None,
        "start_url": ".",
        "scope": ".",
        "display": "minimal-ui",  # a way back stays in sight
        "background_color": color,
        "theme_color": color,
        "icons": [
            {
                "src": path.relative_to(folder).as_posix(),
                "sizes": "x".join(2 * [path.stem.rpartition("-")[2]]),
                "type": "image/png",
                "purpose": use,
            }
            for path, use in icons(folder)
        ],
    }
    return json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, indent=2) + "\n"


def robots(folder: Path, *, draft: bool = False) -> str:
    """What programs that visit a site are told: they may read all of it, but none of a draft."""
    lines = ["# For search engines and other programs that read this site by themselves."]
    if draft:
        return "\n".join(
            [
                *lines,
                "# This is a draft, and not for patients: please leave it out.",
                "User-agent: *",
                "Disallow: /",
                "",
            ]
        )
    lines += [
        "# All of it is open to all of them. It holds nothing about the people who read it.",
        "User-agent: *",
        "Disallow:",
        "",
    ]
    address = web.home_address(folder)
    if address:
        lines += [
            "# Every page, with the day on which its evidence was last checked.",
            f"Sitemap: {address}sitemap.xml",
            "",
        ]
    return "\n".join(lines)


def swap(new: Path, old: Path) -> None:
    """Put a finished site in the place of the one before."""
    before = new.with_name("before")
    shutil.rmtree(before, ignore_errors=True)
    if old.exists():
        old.replace(before)
    new.replace(old)
    shutil.rmtree(before, ignore_errors=True)


def build(root: Path, *, draft: bool = False) -> tuple[Path, Path]:
    """Build everything of the repository at ``root``. Returns the site and the zip. Raises BuildError."""
    settings = center.settings(root)
    print("build: checking the pages")
    pages = center.read(root, settings)
    found = run.check_sources(pages, settings, datetime.now(UTC).date())
    if draft:
        gaps = run.unfinished(found.findings)
        print(f"build: a draft, with {len(gaps)} gaps to fill ('make check' lists them)")
        found = replace(found, findings=tuple(finding for finding in found.findings if finding not in gaps))
    check(found, f"{len(pages.pages)} pages")

    work = root / ".build"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    offline, hosted = work / "offline", work / "site"
    packed = f"downloads/{settings.name}-{'draft' if draft else 'offline'}.zip"
    finished = root / ("draft" if draft else "site")

    print("build: making the offline copy")
    marked = {"DRAFT": "true" if draft else "false"}
    mkdocs(root, offline, OFFLINE="true", DOWNLOADS="", MANIFEST="", SITE_URL="", **marked)
    for pattern in _NOT_OFFLINE:
        for path in offline.glob(pattern):
            path.unlink()
    check(run.check_site(site.read(offline, ".build/offline"), settings), "the offline copy")

    print("build: making the site")
    # Each page names the manifest, which is made from the first of them: whether there will be one is known before.
    app = _MANIFEST if icons(root / settings.theme) else ""
    mkdocs(root, hosted, OFFLINE="false", DOWNLOADS=packed, MANIFEST=app, **marked)
    if app:
        (hosted / app).write_text(manifest(hosted), encoding="utf-8", newline="\n")
    (hosted / "robots.txt").write_text(robots(hosted, draft=draft), encoding="utf-8", newline="\n")
    pack(offline, hosted / packed)
    check(run.check_site(site.read(hosted, ".build/site"), settings), "the site")
    swap(hosted, finished)
    return finished, finished / packed


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Build the site and the offline copy, checked before and after.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one this script is in)")
    parser.add_argument("--draft", action="store_true", help="build with the gaps that are left, into 'draft'")
    options = parser.parse_args(given)
    root = options.root.resolve()
    began = time.monotonic()
    try:
        folder, packed = build(root, draft=options.draft)
    except (BuildError, finding.DataError) as error:
        kept = " The site made before is untouched." if (root / ("draft" if options.draft else "site")).exists() else ""
        print(f"build: {error}\nbuild: nothing was replaced.{kept}", file=sys.stderr)
        return 1
    size = packed.stat().st_size / 1e6
    said = "This is a draft: do not give it to patients." if options.draft else "No errors."
    print(f"build: done in {time.monotonic() - began:.0f} s. {said}")
    print(f"  site:         {folder.relative_to(root)}/index.html (to look at it: make serve)")
    print(f"  offline copy: {packed.relative_to(root)} ({size:.1f} MB; unpack it and open index.html)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
