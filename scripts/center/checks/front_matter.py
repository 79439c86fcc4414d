"""CC1xx: what a page says about itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from center.contract import Contract
from center.finding import Place, rule
from center.page import Page
from center.record import KEYS, Record

_DESCRIPTION = 160
_SOON = timedelta(days=60)


@rule("CC101")
def page_readable(page: Page) -> Iterator[Place]:
    """A page and its front matter can be read.

    A page that cannot be read is not checked at all, and may reach a patient broken. Save the file as
    UTF-8 text, and write the front matter as lines of ``key: value``.

    Bad: ``title: Scan: the test``. Good: ``title: "Scan: the test"``.
    """
    if page.problem:
        yield page.problem.line, page.problem.column, page.problem.message


@rule("CC102")
def front_matter_present(page: Page) -> Iterator[Place]:
    """A page begins with front matter.

    Dates, kind and review state are printed from it: without it the reader cannot tell how old a page is.
    Begin the page with a line ``---``, the keys, and a line ``---``.

    Bad: a page that begins with ``# Title``. Good: ``---``, ``title: Scan``, ..., ``---``.
    """
    if not page.has_front_matter and not page.problem:
        yield 1, 1, f"a page must begin with front matter between lines of '---': {', '.join(KEYS)}"


@rule("CC103")
def front_matter_complete(record: Record) -> Iterator[Place]:
    """Front matter gives every key.

    Each key is printed on the page or decides how it is checked. Add the line that the message names.

    Bad: no ``checked``. Good: ``checked: 2026-11-22``.
    """
    for key in KEYS:
        if key not in record.values:
            yield 1, 1, f"front matter must give '{key}'"


@rule("CC104")
def front_matter_known(record: Record) -> Iterator[Place]:
    """Front matter holds known keys only.

    A misspelled key is silently lost, and with it a date or a reviewer. Mend the spelling or take it out.

    Bad: ``reviewer: []``. Good: ``reviewers: []``.
    """
    for key in record.values:
        if key not in KEYS:
            yield record.line(key), 1, f"unknown key '{key}'; the keys are {', '.join(KEYS)}"


@rule("CC105")
def front_matter_values(record: Record) -> Iterator[Place]:
    """Front matter values are of the right type and make sense.

    A date that is no date cannot warn anybody that a page is old. Write dates as ``2026-11-22``, texts as
    words, ``reviewers`` as a list (``[]`` while there is none).

    Bad: ``checked: last week``. Good: ``checked: 2026-11-22``.
    """
    names = {str: "a text", date: "a date such as 2026-11-22", list: "a list ([] while it is empty)"}
    for key, kind in KEYS.items():
        if key not in record.values:
            continue
        value = record.get(key)
        if value is None:
            yield record.line(key), 1, f"'{key}' must be {names[kind]}"
        elif isinstance(value, str) and not value.strip():
            yield record.line(key), 1, f"'{key}' must not be empty"
    description = record.get("description")
    if description and len(description) > _DESCRIPTION:
        yield (
            record.line("description"),
            1,
            f"'description' must have at most {_DESCRIPTION} characters, not {len(description)}",
        )
    checked, due = record.get("checked"), record.get("next_check")
    if checked and due and due <= checked:
        yield record.line("next_check"), 1, "'next_check' must be later than 'checked'"


@rule("CC106")
def page_kind(record: Record, contracts: Mapping[str, Contract]) -> Iterator[Place]:
    """A page is of a known kind.

    The kind decides which sections a reader can rely on. Choose one of the kinds that the message lists.

    Bad: ``kind: treatments``. Good: ``kind: treatment``.
    """
    kind = record.get("kind")
    if kind and kind not in contracts:
        yield record.line("kind"), 1, f"unknown kind '{kind}'; the kinds are {', '.join(contracts)}"


def _due(record: Record) -> date | None:
    """The day of the next check, if it can be one."""
    checked, due = record.get("checked"), record.get("next_check")
    return due if due and not (checked and due <= checked) else None


@rule("CC107", severity="warning")
def check_overdue(record: Record, today: date) -> Iterator[Place]:
    """The day of the next check is not past.

    Evidence moves on; a reader cannot see that a page has been left behind. Check the page against its sources
    and what is new, then set ``checked`` and ``next_check`` anew.

    Bad: ``next_check: 2025-01-31``, long past. Good: a day to come, once the page has been checked.
    """
    due = _due(record)
    if due and due < today:
        yield (
            record.line("next_check"),
            1,
            f"this page was due for a check on {due}: check it, then set both dates anew",
        )


@rule("CC108", severity="warning")
def check_due_soon(record: Record, today: date) -> Iterator[Place]:
    """The next check is more than 60 days away.

    A check takes reading, and a reviewer takes weeks. Plan it now, so that no page is ever overdue.

    Bad: a page due next week that nobody works on. Good: one checked well before its day.
    """
    due = _due(record)
    if due and today <= due <= today + _SOON:
        days = (due - today).days
        yield record.line("next_check"), 1, f"this page is due for a check on {due}, in {days} days: plan it now"
