"""Gathers what every rule finds, sorted. A rule gets the facts it asks for; one whose ground is missing is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import center.checks  # noqa: F401  (registers the rules)
from center import reading, silence
from center.center import Center, Settings
from center.checks import gaps
from center.finding import RULES, DataError, Finding, Rule, Severity, Silenced, UnknownRuleError, named
from center.links.web import Web
from center.outside import Allowance, Answer, Listed
from center.page import Page
from center.parallel import spread
from center.site import Site


@dataclass(frozen=True)
class Choice:
    """Which rules are reported, by code, and how severe the finding of each is."""

    codes: frozenset[str]
    severity: Mapping[str, Severity]


@dataclass(frozen=True)
class Outcome:
    """The findings that stand, and those that their pages silence, each sorted."""

    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()


def choose(
    chosen: Settings | None, select: Sequence[str] = (), ignore: Sequence[str] = (), error: Sequence[str] = ()
) -> Choice:
    """The rules to report, named by code, slug or the beginning of codes.

    Severities are each rule's own, changed by the project's settings if there are any, then by ``error``. Raises
    UnknownRuleError for a name that no rule has, DataError for one in the settings.
    """
    codes = {rule.code for name in select for rule in named(name)} if select else set(RULES)
    codes -= {rule.code for name in ignore for rule in named(name)}
    severity: dict[str, Severity] = {code: rule.severity for code, rule in RULES.items()}
    for name, level in (chosen.severity if chosen else {}).items():
        try:
            rules = named(name)
        except UnknownRuleError as problem:
            raise DataError("pyproject.toml", 1, f"[tool.center] 'severity': {problem}") from problem
        for rule in rules:
            kept = rule.family == "CC6" or rule.check.__module__ == gaps.__name__
            if kept and rule.severity == "error" and level != "error":
                raise DataError(
                    "pyproject.toml", 1, f"[tool.center] 'severity': {rule.code} keeps readers safe and stays an error"
                )
            severity[rule.code] = "error" if level == "error" else "warning"
    severity |= {rule.code: "error" for name in error for rule in named(name)}
    return Choice(frozenset(codes), severity)


#: Facts that are known only when every other rule has spoken.
_LAST = {"silences", "listed"}


class _Run:
    """Runs rules and remembers which of them could run on which path ("" for all)."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.ran: set[tuple[str, str]] = set()
        # What is silenced is known only when every rule has spoken.
        self.codes = set(RULES) if any(RULES[code].family == "CC9" for code in choice.codes) else set(choice.codes)

    def rules(self, reads: str, *, last: bool = False) -> list[Rule]:
        return [
            rule
            for rule in RULES.values()
            if rule.reads == reads and rule.code in self.codes and (not _LAST.isdisjoint(rule.needs)) == last
        ]

    def give(self, rules: Iterable[Rule], facts: dict[str, Any], path: str = "") -> list[Finding]:
        """What rules find. One is skipped if a fact it needs is missing: the cause is another rule's finding."""
        findings = []
        for rule in rules:
            if any(facts[name] is None for name in rule.needs):
                continue
            self.ran.add((rule.code, path))
            for place in rule.check(**{name: facts[name] for name in rule.asks}):
                where, line, column, message = (path, *place) if path else place
                severity = self.choice.severity[rule.code]
                findings.append(Finding(where, line, column, rule.code, message, severity))
        return findings

    def spoke(self, rule: Rule | None, path: str) -> bool:
        """Whether a rule ran over a page."""
        return rule is not None and not self.ran.isdisjoint({(rule.code, path), (rule.code, "")})

    def outcome(self, findings: Iterable[Finding], silenced: Iterable[Silenced] = ()) -> Outcome:
        """What was found, only of the rules that are reported."""
        return Outcome(
            tuple(sorted({f for f in findings if f.code in self.choice.codes})),
            tuple(sorted({s for s in silenced if s.finding.code in self.choice.codes})),
        )


def _on_page(choice: Choice, shared: Mapping[str, Any], page: Page) -> tuple[list[Finding], set[tuple[str, str]]]:
    """What the rules that need no other page find in one, and which of them ran."""
    found: Center = shared["center"]
    # What is still to be written cannot be measured yet: its gaps are the finding.
    written = None if page.gaps else True
    limits = found.limits(page, shared["settings"]) if written else None
    counted = reading.read(page.passages, found.syllables) if limits and found.syllables is not None else None
    facts = {**shared, "page": page, "record": page.record, "contract": found.contracts.get(page.kind or "")}
    facts |= {"written": written, "limits": limits, "reading": counted, "prose": page.prose}
    run = _Run(choice)
    return run.give(run.rules("page"), facts, page.path), run.ran


def check_sources(
    found: Center, chosen: Settings, today: date, only: Iterable[str] | None = None, choice: Choice | None = None
) -> Outcome:
    """What is found in the sources: every page, or those whose printed path is in ``only``, and the center's data.

    ``today`` is passed in, never read inside a rule, so that a check of a day can be tested on any other.
    """
    shared: dict[str, Any] = {
        "today": today,
        "settings": chosen,
        "phrases": found.phrases,
        "wording": found.wording,
        "syllables": found.syllables,
        "nav": found.nav,
        "emergency": chosen.emergency,
        "center": found,
        "references": found.references,
        "figures": found.figures,
        "contracts": found.contracts,
        "rates": chosen.rates,
        "blocks": frozenset(chosen.blocks),
    }
    run = _Run(choice or choose(chosen))
    wanted = frozenset(page.path for page in found.pages) if only is None else frozenset(only)
    pages = [page for page in found.pages if page.path in wanted]
    elsewhere = {page.path for page in found.pages} - wanted
    findings: dict[str, list[Finding]] = {page.path: [] for page in pages}
    for page, (own, ran) in zip(pages, spread(partial(_on_page, run.choice, shared), pages), strict=True):
        findings[page.path] += own
        run.ran |= ran
    for one in run.give(run.rules("center"), shared):
        if one.path not in elsewhere:
            findings.setdefault(one.path, []).append(one)
    silenced: list[Silenced] = []
    last = run.rules("page", last=True)
    for page in pages:
        findings[page.path], quiet, used = silence.apply(findings[page.path], page.silences)
        silenced += quiet
        known = tuple(replace(s, idle=s not in used and run.spoke(s.rule, page.path)) for s in page.silences)
        findings[page.path] += run.give(last, shared | {"silences": known}, page.path)
    return run.outcome((one for several in findings.values() for one in several), silenced)


def sources(found: Center, chosen: Settings, today: date, only: Iterable[str] | None = None) -> list[Finding]:
    """The findings of ``check_sources`` that stand."""
    return list(check_sources(found, chosen, today, only).findings)


def unfinished(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that are gaps: what is still to be written, which a draft may hold."""
    return [f for f in findings if RULES[f.code].check.__module__ == gaps.__name__]


def check_site(found: Site, chosen: Settings, choice: Choice | None = None) -> Outcome:
    """What is found in a built site."""
    facts: dict[str, Any] = {
        "site": found,
        "web": found.web,
        "emergency": chosen.emergency,
        "frames": chosen.frames,
        "without_review": chosen.without_review,
    }
    run = _Run(choice or choose(chosen))
    return run.outcome(run.give(run.rules("site"), facts))


def check_links(found: Web, choice: Choice) -> Outcome:
    """What is found in the links of any built site, by the rules that ask for nothing else."""
    run = _Run(choice)
    return run.outcome(run.give([rule for rule in run.rules("site") if rule.asks == ("web",)], {"web": found}))


def site(found: Site, chosen: Settings) -> list[Finding]:
    """The findings of ``check_site``."""
    return list(check_site(found, chosen).findings)


def check_outside(
    answers: Iterable[Answer], allowances: Sequence[Allowance], choice: Choice, *, whole: bool = True
) -> Outcome:
    """What is found in the answers of addresses outside, less what is allowed.

    Only a ``whole`` run, of all that the center names, can tell that an entry of the list is not needed.
    """
    run = _Run(choice)
    rules, last = run.rules("answer"), run.rules("answer", last=True)
    findings: list[Finding] = []
    silenced: list[Silenced] = []
    used: set[Allowance] = set()
    for answer in answers:
        for one in run.give(rules, {"answer": answer}):
            fits = [a for a in allowances if a.rule.code == one.code and any(map(a.allows, answer.addresses))]
            used.update(fits)
            covering = [a for a in fits if all(map(a.allows, answer.addresses))]
            if covering:
                silenced.append(Silenced(one, covering[0].reason, covering[0].line, covering[0].path))
            else:
                findings.append(one)
    known = tuple(Listed(a, whole and a not in used and a.rule.code in run.codes) for a in allowances)
    findings += run.give(last, {"listed": known})
    return run.outcome(findings, silenced)
