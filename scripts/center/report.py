"""Prints findings. The exit code does not depend on the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from center.finding import RULES, Finding


def text(findings: Sequence[Finding]) -> str:
    """``path:line:column CODE message``, a line each."""
    return "\n".join(f"{f.path}:{f.line}:{f.column} {f.code} {' '.join(f.message.split())}" for f in findings)


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


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {"text": text, "github": github}


def summary(findings: Sequence[Finding], looked_at: str) -> str:
    """One line that says how many findings there are, and in what."""
    errors = sum(f.severity == "error" for f in findings)
    warnings = len(findings) - errors
    found = f"{errors} to mend" + (f", {warnings} to look at" if warnings else "") if findings else "nothing to mend"
    return f"{found} in {looked_at}"
