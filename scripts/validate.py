#!/usr/bin/env python3
"""Checks the pages of the center and, if asked, built sites.

    python scripts/validate.py                      every page
    python scripts/validate.py docs/en/get-help.md  some pages
    python scripts/validate.py --changed            pages that differ from the last commit
    python scripts/validate.py --site site          pages and a built site
    python scripts/validate.py --online             pages, and every address outside that they and the sources name
    python scripts/validate.py --links FOLDER       the links of any built site, and nothing else
    python scripts/validate.py --explain CC201      what a rule is for, and how to keep it

Prints ``path:line:column CODE message``, sorted, or what ``--format`` asks for; a summary goes to stderr. Exits 0 if
there is no error (warnings alone are none), 1 if there is one, 2 if it could not run or had nothing to check. If
``--changed`` finds no page that is 0, so that other commits go through, and the summary says that none was looked at.
"""

from __future__ import annotations

import argparse
import gc
import io
import math
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, changed, finding, outside, report, run, site
    from center.links import url, web
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    told = "run 'make setup' once, then '.venv/bin/python scripts/validate.py'"
    print(f"validate: '{error.name}' is not installed here: {told}", file=sys.stderr)
    sys.exit(2)

if TYPE_CHECKING:  # a plain run never loads what asks the network
    from center.online.ask import Heard

#: The rule that time alone breaks: a warning every day, an error where somebody watches the calendar.
_DATES = "CC107"


class NothingToCheckError(Exception):
    """Nothing was looked at, which is no success; the message says what to name."""


def _names(text: str) -> list[str]:
    names = text.replace(",", " ").split()
    if not names:
        raise argparse.ArgumentTypeError("at least one rule must be named")
    return names


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Check the pages of the center and built sites.",
        epilog="RULES are codes (CC201), names (section-missing) or beginnings of codes (CC2), with commas between.",
    )
    parser.add_argument("pages", nargs="*", type=Path, help="only these pages (default: every page)")
    parser.add_argument(
        "--changed",
        nargs="?",
        const="HEAD",
        metavar="BASE",
        help="only pages that differ from BASE (default: the last commit) by git, or link to a file that does; "
        "every page if what all share has changed",
    )
    parser.add_argument("--site", action="append", type=Path, default=[], help="also a built site; may be repeated")
    parser.add_argument("--only-sites", action="store_true", help="leave the pages out, check the sites alone")
    parser.add_argument(
        "--online",
        action="store_true",
        help="also ask every address outside, slowly, whether it leads somewhere; answers are remembered for days",
    )
    parser.add_argument("--ask-again", action="store_true", help="with --online: forget what was answered before")
    parser.add_argument(
        "--minutes",
        type=float,
        default=None,
        help="with --online: stop asking after so long (default: 30); the next run goes on from there",
    )
    parser.add_argument(
        "--links", type=Path, metavar="FOLDER", help="check only the links of a built site, of whatever made it"
    )
    parser.add_argument(
        "--site-url", default="", metavar="URL", help="where that site lives (default: what its home page says)"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one this script is in)")
    for option, text in (("select", "only these"), ("ignore", "all but these"), ("error", "count these as errors")):
        parser.add_argument(f"--{option}", action="extend", type=_names, default=[], metavar="RULES", help=text)
    parser.add_argument(
        "--strict-dates", action="append_const", dest="error", const=_DATES, help=f"the same as --error {_DATES}"
    )
    parser.add_argument("--format", choices=sorted(report.FORMATS), default="text", help="how to print findings")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write findings there instead of printing them")
    parser.add_argument("--list", action="store_true", help="print the rules (code, name, severity, title) and stop")
    parser.add_argument("--explain", metavar="RULES", type=_names, help="print what rules say of themselves and stop")
    options = parser.parse_args(given)
    if options.changed and options.pages:
        parser.error("name pages or --changed, not both (a commit is given as --changed=BASE)")
    if (options.ask_again or options.minutes is not None) and not options.online:
        parser.error("--ask-again and --minutes belong to --online")
    if options.minutes is not None and not 0 <= options.minutes < math.inf:
        parser.error("--minutes must be a number of minutes")
    if options.links and (options.pages or options.changed or options.site or options.only_sites):
        parser.error("--links looks at one built site and at nothing else")
    if options.site_url:
        if not options.links:
            parser.error("--site-url belongs to --links")
        options.site_url = url.normal(options.site_url) or ""
        if url.parts(options.site_url).scheme not in ("http", "https"):
            parser.error("--site-url must be a whole address, such as https://example.org/a-site/")
    return options


def _label(path: Path, root: Path) -> str:
    """A path as it is printed: from the repository if it lies there."""
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def _check(options: argparse.Namespace, root: Path, settings: center.Settings, choice: run.Choice) -> report.Report:
    """Everything that is found where the options say. Raises NothingToCheckError and DataError."""
    findings: list[finding.Finding] = []
    silenced: list[finding.Silenced] = []
    looked_at = []
    if options.only_sites and not options.site:
        raise NothingToCheckError("nothing to check: name a --site")
    reads = {"site"} if options.only_sites else {"page", "center", "site"} if options.site else {"page", "center"}
    reads |= {"answer"} if options.online else set()
    if not any(finding.RULES[code].reads in reads for code in choice.codes):
        raise NothingToCheckError("nothing to check: none of the chosen rules looks at this")
    places: list[web.Outside] = []
    only: list[str] | None = None
    if not options.only_sites:
        pages = center.read(root, settings)
        only = [_label(path, root) for path in options.pages] or None
        if unknown := sorted(set(only or ()) - {p.path for p in pages.pages}):
            raise finding.DataError(unknown[0], 1, f"this must be a page below {settings.docs}")
        if options.changed:
            only = changed.pages(pages, settings, changed.files(root, options.changed))
        done = run.check_sources(pages, settings, datetime.now(UTC).date(), only, choice)
        findings += done.findings
        silenced += done.silenced
        count = len(pages.pages if only is None else only)
        none = f"the data that pages share: no page differs from '{options.changed}', so none was looked at"
        looked_at.append(f"{count} pages" if count else none)
        places += outside.in_center(pages, settings, root, only) if options.online else ()
    for folder in options.site:
        built = site.read(folder, _label(folder, root))
        findings += run.check_site(built, settings, choice).findings
        looked_at.append(f"{built.label} ({len(built.pages)} pages)")
        places += web.outside(built.web) if options.online else ()
    if any(finding.RULES[code].reads == "answer" for code in choice.codes) and options.online:
        allowed = outside.allowances(root / settings.outside, settings.outside)
        heard = _ask(options, root, settings.name, places)
        # Only who has heard all that the center names knows that an entry of the list is not needed.
        whole = only is None and not options.only_sites and not heard.left
        done = run.check_outside(outside.together(heard.seen, places), allowed, choice, whole=whole)
        findings += done.findings
        silenced += done.silenced
        looked_at.append(heard.told)
    return report.Report(sorted(findings), sorted(silenced), looked_at, sorted(set(finding.RULES) - choice.codes))


def _ask(options: argparse.Namespace, root: Path, name: str, places: list[web.Outside]) -> Heard:
    """What the addresses answer. Raises UnheardError."""
    try:
        from center.online import session
    except ModuleNotFoundError as error:
        raise outside.UnheardError(f"'{error.name}' is not installed here: run 'make online'") from error

    def say(line: str) -> None:
        print(f"validate: {line}", file=sys.stderr)

    minutes = 30 if options.minutes is None else options.minutes
    return session.run(places, root, name, again=options.ask_again, minutes=minutes, say=say)


def _check_links(options: argparse.Namespace, choice: run.Choice) -> report.Report:
    """What is found in the links of any built site."""
    asks = options.online and any(finding.RULES[code].reads == "answer" for code in choice.codes)
    if not asks and not any(finding.RULES[code].asks == ("web",) for code in choice.codes):
        raise NothingToCheckError("nothing to check: none of the chosen rules looks at links alone")
    found = web.read(options.links, options.links.as_posix(), options.site_url)
    findings = list(run.check_links(found, choice).findings)
    looked_at = [f"{len(found.pages)} pages"]
    if asks:
        places = web.outside(found)
        heard = _ask(options, options.root.resolve(), "links", places)
        findings += run.check_outside(outside.together(heard.seen, places), (), choice).findings
        looked_at.append(heard.told)
    return report.Report(sorted(findings), [], looked_at, sorted(set(finding.RULES) - choice.codes))


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter must not hide a finding
            stream.reconfigure(errors="backslashreplace")
    options = _arguments(given)
    root = options.root.resolve()
    try:
        settings = None if options.links else center.settings(root)
        choice = run.choose(settings, options.select, options.ignore, options.error)
        if options.list:
            print(report.rules([finding.RULES[code] for code in sorted(choice.codes)], choice.severity))
            return 0
        if options.explain:
            print(report.explain([r for name in options.explain for r in finding.named(name)], choice.severity))
            return 0
        found = _check(options, root, settings, choice) if settings else _check_links(options, choice)
        printed = report.FORMATS[options.format](found)
        if options.output:
            options.output.write_text(f"{printed}\n" if printed else "", encoding="utf-8")
        elif printed:
            print(printed, flush=True)
    except BrokenPipeError:  # whoever reads this, such as 'head', has had enough; say no more, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"validate: '{options.output}' must be a file that can be written: {error.strerror}", file=sys.stderr)
        return 2
    except (finding.DataError, finding.UnknownRuleError, NothingToCheckError) as error:
        print(f"validate: {error}", file=sys.stderr)
        return 2
    except outside.UnheardError as error:
        print(f"validate: {error}", file=sys.stderr)
        return error.code
    print(f"validate: {report.summary(found)}", *report.details(found), sep="\n", file=sys.stderr)
    return 1 if any(f.severity == "error" for f in found.findings) else 0


if __name__ == "__main__":
    gc.disable()  # facts are kept to the end, so looking for what may be dropped only takes time
    sys.exit(main())
