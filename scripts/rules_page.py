#!/usr/bin/env python3
"""Writes the page of rules from the rules themselves, so that the two cannot differ.

    python scripts/rules_page.py

What stands above the page's first section (front matter, title, words) is its author's, and is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

try:
    from center import center, finding, run, silence
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"rules_page: '{error.name}' is not installed here: run 'make setup'", file=sys.stderr)
    sys.exit(2)

PAGE = "about/rules.md"

_HEAD = """\
---
title: How pages are checked
description: Every rule that a page of this center must keep, with why it matters and how to mend it.
kind: reference
checked: {today}
next_check: {later}
reviewers: []
---
# What must every page keep?

This list is for people who change these pages. A program checks each page by these rules each time something changes.
An error stops the page from being published; a warning does not.
"""
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
#: Markup that a docstring shows outside of code: without code, the build would take it for real.
_MARKUP = re.compile(r"\[@[^\]]*\]|\{[^{}]*\}|\{\{.*?\}\}|\]\([^)]*\)|</?\w[^>]*>|<!--.*?-->|/{3,}(?: [\w-]+)?")
_SIGNS = re.compile(r"[\\`*_\[\]{}<>&|]")
#: Keeps technical words out of the readers' search.
_UNSOUGHT = "data-search-exclude"


def _plain(text: str) -> str:
    """Words as Markdown that shows them as they are, markup in them as code."""
    parts, at = [], 0
    for match in _MARKUP.finditer(text):
        parts += [_SIGNS.sub(r"\\\g<0>", text[at : match.start()]), f"`{match[0]}`"]
        at = match.end()
    return "".join([*parts, _SIGNS.sub(r"\\\g<0>", text[at:])])


def prose(text: str) -> str:
    """A paragraph of a docstring as one line of Markdown; what it has in code stays code."""
    text, parts, at = " ".join(text.split()), list[str](), 0
    for match in _CODE.finditer(text):
        ticks = "``" if "`" in match[2] else "`"
        parts += [_plain(text[at : match.start()]), f"{ticks}{match[2]}{ticks}"]
        at = match.end()
    return re.sub(r"^([#+>=-]|\d+[.)])", r"\\\1", "".join([*parts, _plain(text[at:])]))


def _paragraph(text: str) -> Iterable[str]:
    """A paragraph of a docstring: an example is a list of what is bad and good, an indented one is code."""
    if text.startswith("    "):
        lines = [line.removeprefix("    ") for line in text.splitlines()]
        yield "\n".join(["```text", *lines, "```"])
    elif text.startswith("Bad:"):
        bad, _, good = text.removeprefix("Bad:").partition("Good:")
        yield "\n".join(f"- **{word}:** {prose(said)}" for word, said in (("Bad", bad), ("Good", good)) if said.strip())
    else:
        yield prose(text)


def _rule(rule: finding.Rule, severity: finding.Severity) -> Iterable[str]:
    yield f"### {rule.code}: {prose(rule.title.removesuffix('.'))} {{#{rule.slug} {_UNSOUGHT}}}"
    stays = "" if silence.allowed(rule) else " A page cannot silence it."
    yield f"Name: `{rule.slug}`. {'An error' if severity == 'error' else 'A warning'}.{stays}"
    for paragraph in rule.help.split("\n\n")[1:]:
        yield from _paragraph(paragraph)


def sections(choice: run.Choice) -> str:
    """Every rule by family."""
    blocks: list[str] = []
    family = ""
    for code in sorted(finding.RULES):
        rule = finding.RULES[code]
        if rule.family != family:
            family = rule.family
            subject = prose(rule.subject)
            blocks.append(f"## {family}xx: {subject} {{#{family.lower()} {_UNSOUGHT}}}")
        blocks += _rule(rule, choice.severity[code])
    return "\n\n".join(blocks) + "\n"


def page(before: str, choice: run.Choice, today: date) -> str:
    """The page, from what it was before ("" if it is new)."""
    later = today.replace(year=today.year + 1, day=min(today.day, 28))
    head = re.split(r"^## ", before or _HEAD.format(today=today, later=later), maxsplit=1, flags=re.M)[0]
    return f"{head.rstrip()}\n\n{sections(choice)}"


def main(given: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description=f"Write {PAGE} anew from the rules.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one this script is in)")
    root = parser.parse_args(given).root.resolve()
    try:
        settings = center.settings(root)
        file = root / settings.docs / PAGE
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        after = page(before, run.choose(settings), datetime.now(UTC).date())
        if after != before:  # the same words leave the file alone
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(after, encoding="utf-8")
    except (finding.DataError, OSError) as error:
        print(f"rules_page: {error}", file=sys.stderr)
        return 2
    print(f"rules_page: {file.relative_to(root)} holds {len(finding.RULES)} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
