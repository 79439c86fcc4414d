"""CC6xx: what keeps a reader safe. Rules of this family cannot be silenced."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from center import calls, nav
from center.center import Center, Settings
from center.finding import Place, rule
from center.phrases import Phrases
from center.prose import CITED, Prose, Run
from center.record import Record
from center.site import Site

Where = tuple[str, int, int, str]
_REVIEWER = {"name", "role", "date", "link"}
_DIGIT = re.compile(r"\d")
_NUMBER = r"(?<![\w.,])\d[\d.,]*"
_DIGITS = re.compile(r"\d+")
_MAIL = re.compile(r"[^\s@:/<>]+@[^\s@:/<>]+\.[^\s@:/<>.]+")
#: The words of the call-now line, as the templates name them.
_CALL_NOW = "words.call_now_numbers"


@rule("CC601", reads="site")
def call_now_line(site: Site, emergency: tuple[str, ...], frames: tuple[str, ...]) -> Iterator[Where]:
    """Every page carries the call-now line with every emergency number.

    Whoever reads any page with chest pain must see at once what to do. The line comes from the template;
    a page without it has lost the template.

    Bad: a page without ``data-center="call-now"``. Good: the template's line, with all numbers.
    """
    for page in site.pages.values():
        if page.problem or str(page.name) in frames:
            continue
        if "call-now" not in page.marks:
            yield page.path, 1, 1, 'every page must carry the call-now line (data-center="call-now")'
            continue
        for number in emergency:
            if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", page.marks["call-now"]):
                yield page.path, 1, 1, f"the call-now line must give the number {number}"


@rule("CC602", reads="site")
def review_state(site: Site, frames: tuple[str, ...], without_review: tuple[str, ...]) -> Iterator[Where]:
    """Every page says whether a clinician has reviewed it.

    A reader trusts a page as far as it is honest about that. The words come from the template.

    Bad: a page without ``data-center="review"``. Good: the template's words.
    """
    for page in site.pages.values():
        if page.problem or str(page.name) in (*frames, *without_review):
            continue
        if not page.marks.get("review", "").strip():
            yield page.path, 1, 1, 'every page must say its review state (data-center="review")'


@rule("CC603")
def reviewer_entry(record: Record, today: date) -> Iterator[Place]:
    """Each reviewer is named in full: name, role, date, and a link to who that is.

    A reader trusts a reviewed page more, so the review must be one that anybody can look up. ``link`` is a page of
    the reviewer's clinic, society or register.

    Bad: ``- {name: A. Doctor}``. Good: ``- {name: ..., role: cardiologist, date: 2026-11-22, link: https://...}``.
    """
    for number, entry in enumerate(record.get("reviewers") or (), 1):
        place = record.line("reviewers"), 1
        if not isinstance(entry, dict) or set(entry) != _REVIEWER:
            yield *place, f"reviewer {number} must give exactly name, role, date and link"
            continue
        for key in ("name", "role"):
            if not isinstance(entry[key], str) or not entry[key].strip():
                yield *place, f"reviewer {number}: '{key}' must be a text"
        if type(entry["date"]) is not date:
            yield *place, f"reviewer {number}: 'date' must be a date such as 2026-11-22"
        elif entry["date"] > today:
            yield *place, f"reviewer {number}: 'date' must be the day of the review, and {entry['date']} is to come"
        if not _https(entry["link"]):
            yield *place, f"reviewer {number}: 'link' must be an address that begins with 'https://'"


def _https(value: object) -> bool:
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.netloc)


@rule("CC604")
def review_outdated(record: Record) -> Iterator[Place]:
    """A review is of the page as it stands.

    A page that was checked and changed after its review shows a name under words that the reviewer never read. Ask
    for a new review, or take the reviewer out.

    Bad: reviewed 2026-01-10, ``checked: 2026-11-22``. Good: reviewed on the day of the check or after it.
    """
    checked = record.get("checked")
    for number, entry in enumerate(record.get("reviewers") or (), 1):
        reviewed = entry.get("date") if isinstance(entry, dict) else None
        if checked and type(reviewed) is date and reviewed < checked:
            yield (
                record.line("reviewers"),
                1,
                f"reviewer {number} read this page on {reviewed}, before it was checked on {checked}: "
                "ask for a new review, or take the entry out",
            )


def _lists(prose: Prose) -> Iterator[list[Run]]:
    """Runs that are read as one list: the items or cells that follow each other, else each run by itself."""
    for kind, runs in itertools.groupby(prose.runs, key=lambda run: run.kind):
        if kind in ("item", "cell"):
            yield list(runs)
        else:
            yield from ([run] for run in runs)


def _lacking(missing: Sequence[str]) -> str:
    return f"this list of emergency numbers must also give {', '.join(missing)}"


@rule("CC605")
def emergency_numbers(
    prose: Prose, emergency: tuple[str, ...], settings: Settings, phrases: Phrases
) -> Iterator[Place]:
    """A number to call is a right one, and a list of emergency numbers gives every one.

    A reader far from home needs the number of that place; one wrong digit costs minutes. The numbers are those of the
    settings ``emergency`` and ``helplines``. Looked at are numbers right after words such as "call", those in one list
    with a right one, and, beside a right one, those of the same digits. One right number alone is no list.

    Bad: ``Call 911 (US), 112 (Europe) or 998 (UK).``. Good: ``Call 911 (US), 112 (Europe) or 999 (UK).``
    """
    known = (*emergency, *settings.helplines)
    for runs in _lists(prose):
        given: dict[str, tuple[int, int]] = {}
        judged = False
        for run in runs:
            # Without a digit there is nothing to read, and the reading of sentences takes time.
            for sentence in run.sentences if _DIGITS.search(run.raw) else ():
                read = calls.read(sentence.words, known, phrases)
                for call in read.wrong:
                    must = calls.known_as(call.number, known)
                    yield *run.place(sentence.at[call.at]), f"'{call.number}' must be a number to call: {must}"
                found = {call.number: run.place(sentence.at[call.at]) for call in reversed(read.right)}
                here = {number: place for number, place in found.items() if number in emergency}
                missing = [number for number in emergency if number not in here]
                if len(here) > 1 and missing and not read.wrong:
                    yield *min(here.values()), _lacking(missing)
                judged = judged or bool(read.wrong) or len(here) > 1
                given = here | given
        missing = [number for number in emergency if number not in given]
        if len(given) > 1 and missing and not judged:
            yield *min(given.values()), _lacking(missing)


@rule("CC609", reads="center")
def call_now_words(
    center: Center, emergency: tuple[str, ...], settings: Settings
) -> Iterator[tuple[str, int, int, str]]:
    """The words of the call-now line give every emergency number, and no other.

    They stand at the head of every page, so one wrong digit there is wrong everywhere.

    Bad: ``call_now_numbers: "991 (US) · 112 (EU)"``. Good: every number of the setting ``emergency``.
    """
    words = center.extra.get(_CALL_NOW)
    if words is None:
        return
    given = _DIGITS.findall(words.value)
    wrong = [number for number in given if number not in (*emergency, *settings.helplines)]
    for number in wrong:
        must = calls.known_as(number, emergency)
        yield nav.FILE, words.line, words.column, f"'{number}' must be a number to call: {must}"
    missing = [number for number in emergency if number not in given]
    if missing and not wrong:
        yield nav.FILE, words.line, words.column, f"'call_now_numbers' must also give {', '.join(missing)}"


@rule("CC610", reads="center")
def contact_address(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """The address for mistakes is one that can be written to.

    A reader who finds a mistake, or is harmed by one, must reach somebody. If it is empty, the foot of each page names
    the public list of issues instead.

    Bad: ``contact: our office``. Good: ``contact: mistakes@example.org`` or ``contact: "https://example.org/form"``.
    """
    contact = center.extra.get("contact")
    if contact and contact.value and not (_MAIL.fullmatch(contact.value) or _https(contact.value)):
        must = "an e-mail address, an address that begins with 'https://', or empty: \"\""
        yield nav.FILE, contact.line, contact.column, f"'contact' must be {must}"


@rule("CC606")
def dose_cited(prose: Prose, phrases: Phrases) -> Iterator[Place]:
    """Every dose carries a citation, in its sentence, list item or row.

    A dose without a source may be a slip of the pen, and somebody may take it.

    Bad: ``Take 500 mg.``. Good: ``A usual dose is 500 mg [@key].``
    """
    units = "|".join(sorted(map(re.escape, phrases.dose_units), key=len, reverse=True))
    # A value of a blood test, in mg/dL, is no dose.
    dose = re.compile(rf"{_NUMBER}[\s-]?(?:{units})(?![\w-]|/d?l\b)", re.I)
    for run in prose.runs:
        if run.kind == "heading" or not _DIGIT.search(run.raw) or CITED.search(run.around):
            continue
        for sentence in run.sentences:
            match = None if CITED.search(sentence.text) else dose.search(sentence.text)
            if match:
                yield *run.place(sentence.at[match.start()]), f"'{match.group(0)}' must carry its source: [@key]"


@rule("CC607")
def promise(record: Record, prose: Prose, phrases: Phrases) -> Iterator[Place]:
    """No words promise what nobody can.

    ``Cure``, ``guarantee`` or ``no risk`` make a reader choose on hope. The phrases, and where they are
    fair, are data of the center: a question, or ``there is no cure``.

    Bad: ``The operation cures the leak.``. Good: ``After 10 years, 90 of 100 had a mild leak at most.``
    """
    texts: list[tuple[str, Sequence[int], tuple[int, int]]] = [
        (record.get(key), (), (record.line(key), 1)) for key in ("title", "description") if record.get(key)
    ]
    for run in prose.runs:
        for sentence in run.sentences:
            for kind in phrases.promises:
                match = kind.forms.search(sentence.words)
                if match and not any(fair.search(sentence.words) for fair in kind.allowed):
                    place = run.place(sentence.at[match.start()])
                    yield *place, f"'{match.group(0)}' promises too much: {kind.instead}"
    for text, _, place in texts:
        for kind in phrases.promises:
            match = kind.forms.search(text)
            if match and not any(fair.search(text) for fair in kind.allowed):
                yield *place, f"'{match.group(0)}' promises too much: {kind.instead}"


@rule("CC608")
def rate_of_people(prose: Prose, phrases: Phrases, rates: tuple[str, ...]) -> Iterator[Place]:
    """A rate over time is never told as people out of 100.

    100 person-years may be 50 people for 2 years, some counted twice: ``36 of 100`` would be wrong. Say the rate in
    words of its own, and in a sentence of its own.

    Bad: ``36 of 100 person-years``. Good: ``a rate of 36 per 100 person-years``.
    """
    for run in prose.runs:
        for sentence in run.sentences:
            match = phrases.people_counts.search(sentence.words)
            words = sentence.words.casefold() if match else ""
            rate = next((rate for rate in rates if rate.casefold() in words), None)
            if match and rate:
                place = run.place(sentence.at[match.start()])
                yield *place, f"'{match.group(0)}' is of people; '{rate}' is a rate: give it a sentence of its own"
