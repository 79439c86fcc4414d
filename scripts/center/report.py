"""Prints what was found, for people and for programs. The exit code does not depend on the form."""

from __future__ import annotations

import json as _json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import quote

from center.finding import RULES, Finding, Rule, Severity, Silenced

#: Raised when a key of the JSON form is renamed, removed or changes its meaning. A new key does not raise it.
VERSION = 1


@dataclass(frozen=True)
class Report:
    """What there is to print: findings that stand, findings that are silenced, what was looked at, and the
    codes of rules that were left out by choice.
    """

    findings: Sequence[Finding]
    silenced: Sequence[Silenced] = ()
    looked_at: Sequence[str] = ()
    left_out: Sequence[str] = ()


def text(findings: Sequence[Finding]) -> str:
    """``path:line:column CODE message``, a line each; a finding that is no error says "warning: "."""
    return "\n".join(
        f"{f.path}:{f.line}:{f.column} {f.code} {'' if f.severity == 'error' else 'warning: '}"
        f"{' '.join(f.message.split())}"
        for f in findings
    )


def _escape(value: str, *, in_property: bool = False) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C") if in_property else value


def github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request."""
    return "\n".join(
        f"::{f.severity} file={_escape(f.path, in_property=True)},line={f.line},col={f.column},"
        f"title={_escape(f'{f.code} {RULES[f.code].slug}', in_property=True)}::{_escape(f.message)}"
        for f in findings
    )


class JsonFinding(TypedDict):
    """A finding in the JSON form. Lines and columns count from 1; ``rule`` is the rule's name, its slug."""

    path: str
    line: int
    column: int
    code: str
    rule: str
    severity: Severity
    message: str


class JsonSilenced(JsonFinding):
    """A finding that is silenced: why, and the file and line that say so."""

    reason: str
    silence_line: int
    silence_path: str


class JsonCount(TypedDict):
    """How much was found: in the whole, or in one family of rules."""

    errors: int
    warnings: int
    silenced: int


class JsonReport(TypedDict):
    """The JSON form, version 1. Findings are sorted by path, line, column and code; ``families`` has those met;
    ``left_out`` has the codes of rules that were left out by choice.
    """

    version: int
    looked_at: list[str]
    left_out: list[str]
    count: JsonCount
    families: dict[str, JsonCount]
    findings: list[JsonFinding]
    silenced: list[JsonSilenced]


def _json_finding(f: Finding) -> JsonFinding:
    return {
        "path": f.path,
        "line": f.line,
        "column": f.column,
        "code": f.code,
        "rule": RULES[f.code].slug,
        "severity": f.severity,
        "message": f.message,
    }


def _count(report: Report, family: str = "") -> JsonCount:
    severities = [f.severity for f in report.findings if f.code.startswith(family)]
    quiet = sum(s.finding.code.startswith(family) for s in report.silenced)
    return {"errors": severities.count("error"), "warnings": severities.count("warning"), "silenced": quiet}


def _families(report: Report) -> dict[str, str]:
    """The families met, in order, each with what it is about."""
    codes = {f.code for f in report.findings} | {s.finding.code for s in report.silenced}
    first = {rule.family: rule.subject for _, rule in sorted(RULES.items(), reverse=True)}
    return {family: first[family] for family in sorted({RULES[code].family for code in codes})}


def json(report: Report) -> str:
    """One JSON object, shaped as ``JsonReport`` says."""
    whole: JsonReport = {
        "version": VERSION,
        "looked_at": list(report.looked_at),
        "left_out": list(report.left_out),
        "count": _count(report),
        "families": {family: _count(report, family) for family in _families(report)},
        "findings": [_json_finding(f) for f in report.findings],
        "silenced": [
            {
                **_json_finding(s.finding),
                "reason": s.reason,
                "silence_line": s.line,
                "silence_path": s.path or s.finding.path,
            }
            for s in report.silenced
        ],
    }
    return _json.dumps(whole, indent=2, ensure_ascii=False)


def _sarif_place(path: str, line: int, column: int = 1) -> dict[str, object]:
    artifact = {"uri": f"file://{quote(path)}"} if path.startswith("/") else {"uri": quote(path), "uriBaseId": "ROOT"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line, "startColumn": column}}}


def _sarif_result(f: Finding, index: int, suppressions: list[dict[str, object]]) -> dict[str, object]:
    return {
        "ruleId": f.code,
        "ruleIndex": index,
        "level": f.severity,
        "message": {"text": f.message},
        "locations": [_sarif_place(f.path, f.line, f.column)],
        "suppressions": suppressions,
    }


def sarif(report: Report) -> str:
    """SARIF 2.1.0, which code scanning and many editors read: every rule with its help, silenced findings too."""
    rules = [RULES[code] for code in sorted(RULES)]
    index = {rule.code: number for number, rule in enumerate(rules)}
    results = [_sarif_result(f, index[f.code], []) for f in report.findings]
    for s in report.silenced:
        place = _sarif_place(s.path or s.finding.path, s.line)
        kind = "external" if s.path else "inSource"
        why: dict[str, object] = {"kind": kind, "justification": s.reason, "location": place}
        results.append(_sarif_result(s.finding, index[s.finding.code], [why]))
    driver = {
        "name": "condition-center",
        "rules": [
            {
                "id": rule.code,
                "name": rule.slug,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.help},
                "help": {"text": rule.help, "markdown": rule.help},
                "defaultConfiguration": {"level": rule.severity},
                "properties": {"tags": [rule.family]},
            }
            for rule in rules
        ],
    }
    whole = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True}],
                "originalUriBaseIds": {"ROOT": {"description": {"text": "The folder of the repository."}}},
                "results": results,
            }
        ],
    }
    return _json.dumps(whole, indent=2, ensure_ascii=False)


def _cell(value: str) -> str:
    """Text that stays text in a cell: no markup, no mention of a person, no row broken."""
    plain = re.sub(r"([\\`*_\[\]<>|#~&$])", r"\\\1", " ".join(value.split()))
    return plain.replace("@", "&#64;")


def markdown(report: Report) -> str:
    """A heading and tables, for the summary of a workflow's step or a comment."""
    said = _cell(summary(report))
    lines = [f"### {said[0].upper()}{said[1:]}"]
    if report.findings:
        lines += ["", "| Rules | To mend | To look at | Silenced |", "| --- | ---: | ---: | ---: |"]
        for family, subject in _families(report).items():
            count = _count(report, family)
            lines.append(
                f"| {family} {_cell(subject)} | {count['errors']} | {count['warnings']} | {count['silenced']} |"
            )
        lines += ["", "| Where | Rule | What must be |", "| --- | --- | --- |"]
        lines += [
            f"| {_cell(f'{f.path}:{f.line}')} | {f.code} {RULES[f.code].slug} "
            f"| {'' if f.severity == 'error' else 'Warning: '}{_cell(f.message)} |"
            for f in report.findings
        ]
    if report.silenced:
        lines += ["", "| Silenced | Rule | Why |", "| --- | --- | --- |"]
        lines += [
            f"| {_cell(f'{s.finding.path}:{s.finding.line}')} | {s.finding.code} {RULES[s.finding.code].slug} "
            f"| {_cell(s.reason)} |"
            for s in report.silenced
        ]
    return "\n".join(lines)


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": lambda report: text(report.findings),
    "github": lambda report: github(report.findings),
    "json": json,
    "markdown": markdown,
    "sarif": sarif,
}


def _said(count: JsonCount) -> str:
    parts = (("to mend", count["errors"]), ("to look at", count["warnings"]), ("silenced", count["silenced"]))
    return ", ".join(f"{number} {what}" for what, number in parts if number)


def summary(report: Report) -> str:
    """One line that says how many findings there are, and in what."""
    said = _said(_count(report))
    if not report.findings:
        said = f"nothing to mend, {said}" if said else "nothing to mend"
    left_out = len(report.left_out)
    without = f", {left_out} rule{'s' * (left_out > 1)} left out" if left_out else ""
    return f"{said} in {' and '.join(report.looked_at)}{without}"


def details(report: Report) -> list[str]:
    """A line for each family, if there is more than one finding, and one for each finding that is silenced."""
    families = _families(report).items() if len(report.findings) > 1 else ()
    return [
        *(f"  {family} {subject}: {_said(_count(report, family))}" for family, subject in families),
        *(f"  silenced: {s.finding.path}:{s.finding.line} {s.finding.code}: {s.reason}" for s in report.silenced),
    ]


def rules(chosen: Sequence[Rule], severity: Mapping[str, Severity]) -> str:
    """Code, name, severity and title of rules, a line each."""
    width = max((len(rule.slug) for rule in chosen), default=0)
    return "\n".join(f"{rule.code}  {rule.slug:{width}}  {severity[rule.code]:7}  {rule.title}" for rule in chosen)


def explain(chosen: Sequence[Rule], severity: Mapping[str, Severity]) -> str:
    """What rules say of themselves."""
    return "\n\n".join(f"{rule.code} {rule.slug} ({severity[rule.code]})\n\n{rule.help}" for rule in chosen)
