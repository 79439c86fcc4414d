"""CC4xx: sources."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from center import calls
from center.center import Center, Settings
from center.figures import Figures, shown
from center.finding import Place, rule
from center.page import Page
from center.phrases import Phrases
from center.prose import Prose
from center.sources import References

#: More would hide what a message says.
_NAMED = 8


def _value(number: str) -> tuple[int, str]:
    whole = number.partition(".")[0].replace(",", "")
    return len(whole), number


def _recorded(keys: tuple[str, ...], number: str, figures: Figures) -> str:
    """What is recorded under some references: all of it, or what a slip of the pen may have made of it."""
    known = {recorded for key in keys for recorded in figures.by_key.get(key, ())}
    if not known:
        return "nothing is recorded there"
    if len(known) <= _NAMED:
        return f"recorded there: {', '.join(sorted(known, key=_value))}"

    def unlike(recorded: str) -> tuple[bool, float, str]:
        same = sorted(recorded) == sorted(number)  # digits that changed places
        return not same, -difflib.SequenceMatcher(None, recorded, number).ratio(), recorded

    return f"the nearest recorded there: {', '.join(sorted(sorted(known, key=unlike)[:_NAMED], key=_value))}"


@rule("CC410")
def figure_recorded(
    page: Page,
    prose: Prose,
    figures: Figures,
    references: References,
    phrases: Phrases,
    emergency: tuple[str, ...],
    settings: Settings,
) -> Iterator[Place]:
    """A number beside a citation is a figure of that source, as the record has it.

    A patient decides by numbers, and a slip of one digit looks like any other number. The record holds each number
    of a source once, with what it says, so that every page shows the same one: whoever changes it there finds every
    page that still has the old one. Numbers in a paragraph, list item, table row or picture of people that cites a
    source are looked up under the sources it cites. Years, emergency numbers, the 100 of ``29 of 100`` and parts of
    names are not.

    Bad: ``92 of 100 died [@key]`` where the record says 29. Good: ``29 of 100 died [@key]``.
    """
    found = [
        (one, keys)
        for one in shown(page, prose, emergency, phrases.bases)
        if one.sound and (keys := tuple(key for key in one.keys if key in references))
        if not figures.holds(keys, one.number)
    ]
    # A wrong number to call is another rule's finding.
    elsewhere = calls.wrong(prose, (*emergency, *settings.helplines), phrases) if found else ()
    for one, keys in found:
        if (one.line, one.column) not in elsewhere:
            yield (
                one.line,
                one.column,
                f"'{one.number}' must be a figure of {' or '.join(keys)} in {settings.figures}; "
                f"{_recorded(keys, one.number, figures)}. If the source says {one.number}, add below "
                f"'{keys[0]}:' the line   \"{one.number}\": what it says",
            )


@rule("CC411", reads="center")
def figure_used(
    center: Center, figures: Figures, phrases: Phrases, emergency: tuple[str, ...], settings: Settings
) -> Iterator[tuple[str, int, int, str]]:
    """Every figure that is recorded stands on a page.

    A record that holds what no page says is no longer read, and lets a wrong number pass for a right one.

    Bad: ``"28": of 100 had died`` where every page says 29. Good: the figures that pages show, and no others.
    """
    used, unsure = set[tuple[str, str]](), set[str]()
    for page in center.pages:
        for one in shown(page, page.prose, emergency, phrases.bases):
            used |= {(key, one.number) for key in one.keys}
            if not figures.holds(one.keys, one.number):  # it may have taken the place of one that is recorded
                unsure.update(one.keys)
    for key, recorded in figures.by_key.items():
        for figure in () if key in unsure else recorded.values():
            if (key, figure.number) not in used:
                told = f"'{figure.number}' must stand on a page beside [@{key}], or be taken out here"
                yield settings.figures, figure.line, figure.column, told


@rule("CC412", reads="center")
def figure_source(figures: Figures, references: References, settings: Settings) -> Iterator[tuple[str, int, int, str]]:
    """Every figure is recorded below a reference that there is.

    Below a mistyped key no page would find it.

    Bad: ``stone2018:`` in the record. Good: ``stone2018-coapt:``, as in the references.
    """
    for key, place in figures.places.items():
        if key not in references:
            close = difflib.get_close_matches(key, list(references), n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            yield settings.figures, *place, f"'{key}' must be a key of {settings.references}{hint}"
