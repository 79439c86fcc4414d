"""Gathers what every rule finds, sorted. A rule gets the facts it asks for; one whose ground is missing is skipped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import center.checks  # noqa: F401  (registers the rules)
from center.center import Center, Settings
from center.checks import gaps
from center.finding import RULES, Finding, Rule
from center.site import Site


def _give(rule: Rule, facts: dict[str, Any]) -> Iterable[Any] | None:
    """The rule's findings, or None if a fact it asks for is missing (its cause is another rule's finding)."""
    if any(facts[name] is None for name in rule.needs):
        return None
    return rule.check(**{name: facts[name] for name in rule.asks})


def sources(found: Center, chosen: Settings, today: date, only: Iterable[str] | None = None) -> list[Finding]:
    """Findings on the sources: every page, or those whose printed path is in ``only``, and the center's data.

    ``today`` is passed in, never read inside a rule, so that a check of a day can be tested on any other.
    """
    shared: dict[str, Any] = {
        "today": today,
        "settings": chosen,
        "phrases": found.phrases,
        "center": found,
        "references": found.references,
        "contracts": found.contracts,
        "rates": chosen.rates,
        "blocks": frozenset(chosen.blocks),
    }
    wanted = set(only) if only is not None else None
    findings = []
    for page in found.pages:
        if wanted is not None and page.path not in wanted:
            continue
        facts = shared | {
            "page": page,
            "record": page.record,
            "contract": found.contracts.get(page.kind or ""),
            # What is still to be written cannot be measured yet: its gaps are the finding.
            "written": None if page.gaps else True,
        }
        for rule in (r for r in RULES.values() if r.reads == "page"):
            for line, column, message in _give(rule, facts) or ():
                findings.append(Finding(page.path, line, column, rule.code, message, rule.severity))
    for rule in (r for r in RULES.values() if r.reads == "center"):
        for path, line, column, message in _give(rule, shared) or ():
            findings.append(Finding(path, line, column, rule.code, message, rule.severity))
    return sorted(set(findings))


def unfinished(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that are gaps: what is still to be written, which a draft may hold."""
    return [f for f in findings if RULES[f.code].check.__module__ == gaps.__name__]


def site(found: Site, chosen: Settings) -> list[Finding]:
    """Findings on a built site."""
    facts: dict[str, Any] = {
        "site": found,
        "emergency": chosen.emergency,
        "frames": chosen.frames,
        "without_review": chosen.without_review,
    }
    findings = []
    for rule in (r for r in RULES.values() if r.reads == "site"):
        for path, line, column, message in _give(rule, facts) or ():
            findings.append(Finding(path, line, column, rule.code, message, rule.severity))
    return sorted(set(findings))
