"""CC7xx: addresses outside, asked one by one when ``--online`` is given."""

from __future__ import annotations

from collections.abc import Iterator

from center.finding import rule
from center.outside import Answer, Listed

Where = tuple[str, int, int, str]


@rule("CC751", reads="answer")
def outside_dead(answer: Answer) -> Iterator[Where]:
    """Every address outside leads somewhere.

    A reader who wants to see the source of a claim, or to learn more, finds nothing, and trusts the rest less. Link
    to where it is now, or take the link out. For a source that is gone, find out what it says today.

    Bad: ``https://example.org/gone``, which answers 404. Good: an address that a browser opens.
    """
    if answer.seen.sort == "dead":
        yield *answer.place, f"'{answer.shown}' must lead somewhere: {answer.seen.why}{answer.also}"


@rule("CC752", reads="answer", severity="warning")
def outside_moved(answer: Answer) -> Iterator[Where]:
    """An address outside is where the page is now, not where it was.

    Those who moved it say that it is for good. They will not send readers on from the old place forever. Look whether
    the new page still says what is told here, then paste its address.

    Bad: ``https://example.org/old``, which sends on with 301. Good: ``https://example.org/new``.
    """
    if answer.seen.sort == "good" and answer.seen.moved:
        keep = f"#{answer.fragment}" if answer.fragment and "#" not in answer.seen.moved else ""
        lost = answer.leads_to_front
        what = "look for the page that was meant: this is a front page" if lost else "write it so"
        yield *answer.place, f"'{answer.shown}' has moved for good to '{answer.seen.moved}{keep}': {what}{answer.also}"


@rule("CC753", reads="answer", severity="warning")
def outside_fragment(answer: Answer) -> Iterator[Where]:
    """The place on a page that an address outside names is there.

    Without it a reader begins at the top of what may be a long page, and does not find what was meant. Take the
    part from ``#`` out, or name a place that is there.

    Bad: ``https://example.org/page#gone``. Good: ``https://example.org/page#risks``, where the page has that id.
    """
    state, nearest = answer.seen.places.get(answer.fragment, ("", ""))
    if answer.seen.sort == "good" and state == "missing":
        hint = f"; the nearest is '#{nearest}'" if nearest else ""
        yield *answer.place, f"'{answer.shown}' must name a place on its page: it has none{hint}{answer.also}"


@rule("CC754", reads="answer", severity="warning")
def outside_unsure(answer: Answer) -> Iterator[Where]:
    """An address outside can be checked from here.

    Servers that turn robots away, are slow or have a bad day may well serve readers: nobody can say from here. Open
    it in a browser. If it works and will not let itself be checked, say so in the list of what is allowed.

    Bad: an address that answers "too many requests". Good: one that answers, or an entry with its reason in the list.
    """
    if answer.seen.sort == "unsure":
        yield *answer.place, f"open '{answer.shown}' in a browser: {answer.seen.why}{answer.also}"
    elif answer.seen.sort == "good" and answer.seen.places.get(answer.fragment, ("", ""))[0] == "unsure":
        why = "whether it has the place that is named cannot be seen from here"
        yield *answer.place, f"open '{answer.shown}' in a browser: {why}{answer.also}"


@rule("CC755", reads="answer", severity="warning")
def outside_insecure(answer: Answer) -> Iterator[Where]:
    """A secure address outside does not lead to one that is not.

    Anybody on the way could then read what a patient looks at, or change what it says. Link to a page that stays
    with ``https://``.

    Bad: an address with ``https://`` that sends on to one with ``http://``. Good: one that does not.
    """
    if answer.seen.sort == "good" and answer.seen.insecure:
        yield *answer.place, f"'{answer.shown}' must stay with https: it leads to '{answer.seen.insecure}'{answer.also}"


@rule("CC756", reads="answer", severity="warning")
def allowance_unused(listed: tuple[Listed, ...]) -> Iterator[Where]:
    """Every entry in the list of what is allowed outside is still needed.

    One that is not would hide the next mistake from you, and a reader would meet it. Take the entry out.

    Bad: an entry for an address that answers as it should. Good: no entry for it.
    """
    for entry in listed:
        if entry.idle:
            what = f"{entry.allowance.rule.code} finds nothing at '{entry.allowance.pattern}'"
            yield entry.allowance.path, entry.allowance.line, 1, f"take this entry out: {what}"
