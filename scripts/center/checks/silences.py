"""CC9xx: the silences that pages hold. They run last, and cannot be silenced themselves."""

from __future__ import annotations

from collections.abc import Iterator

from center.finding import Place, UnknownRuleError, named, rule
from center.silence import Silence


@rule("CC901", severity="warning")
def silence_unused(silences: tuple[Silence, ...]) -> Iterator[Place]:
    """Every silence silences something.

    One that is no longer needed would hide the next mistake in its place from you, and the reader would meet
    it. Take the comment out.

    Bad: a silence of CC205 above a heading that is right. Good: no silence there.
    """
    for silence in silences:
        if silence.works and silence.idle:
            where = "on this page" if silence.whole else "in the block below"
            yield silence.line, silence.column, f"take this silence out: {silence.name} finds nothing {where}"


@rule("CC902")
def silence_unknown(silences: tuple[Silence, ...]) -> Iterator[Place]:
    """A silence names one rule, by its code or its name.

    A misspelled code silences nothing, or hides a mistake that nobody meant to hide. Copy the code from the
    finding; for two rules, write two silences.

    Bad: ``<!-- silence CC2005: ... -->``. Good: ``<!-- silence CC205: ... -->``.
    """
    for silence in silences:
        if silence.rule is None:
            try:
                named(silence.name)
                hint = "one code such as CC205, not a family"
            except UnknownRuleError as error:
                hint = f"one code such as CC205, or a rule's name; {error}" if silence.name else "a code such as CC205"
            yield silence.line, silence.column, f"a silence must name {hint}"


@rule("CC903")
def silence_reason(silences: tuple[Silence, ...]) -> Iterator[Place]:
    """A silence says why, in words, after a colon.

    Whoever checks the page next year must be able to judge whether it is still right to keep silent about it.
    Write the reason as you would tell it to a colleague.

    Bad: ``<!-- silence CC205 -->``. Good: ``<!-- silence CC205: this is the layout of the form that we show -->``.
    """
    for silence in silences:
        if not silence.reason:
            name = silence.name or "CC205"
            yield silence.line, silence.column, f"a silence must say why: '<!-- silence {name}: reason in words -->'"


@rule("CC904")
def silence_refused(silences: tuple[Silence, ...]) -> Iterator[Place]:
    """Rules that keep readers safe, and those that all others stand on, are not silenced.

    A page without its call-now line, or one that cannot be checked at all, may harm the person who reads it.
    Take the silence out and mend what the rule finds; if the rule itself is wrong, report that.

    Bad: a silence of any CC6xx rule. Good: the page mended.
    """
    for silence in silences:
        if silence.refused:
            yield silence.line, silence.column, f"{silence.name} cannot be silenced: mend what it finds instead"


@rule("CC905")
def silence_place(silences: tuple[Silence, ...]) -> Iterator[Place]:
    """A silence stands on a line of its own, above what it is for.

    Elsewhere it does nothing, and one that is not closed is printed for the reader. Put it
    above the paragraph, list, table or heading; before the first heading it is for the whole page.

    Bad: ``Words <!-- silence CC205: ... --> words``. Good: the comment on the line above.
    """
    for silence in silences:
        if silence.misplaced:
            yield silence.line, silence.column, silence.misplaced
