"""CC2xx: headings and the sections that a page's kind asks for, matched by heading id."""

from __future__ import annotations

from collections.abc import Iterator

from center.contract import Contract
from center.finding import Place, rule
from center.page import Page


@rule("CC201")
def section_missing(page: Page, contract: Contract) -> Iterator[Place]:
    """Every section that the page's kind asks for is there.

    Readers of one page learn where to look on the next; a treatment page without its risks misleads. Add
    the section, with the id that the message names; the heading's words are free.

    Bad: a treatment page without ``{#risks}``. Good: ``## What can go wrong? {#risks}``.
    """
    last = len(page.lines) or 1
    for section in contract.sections:
        if section.required and section.id not in page.sections:
            yield last, 1, f"a page of kind '{contract.kind}' must have a section '## ... {{#{section.id}}}'"


@rule("CC202")
def section_order(page: Page, contract: Contract) -> Iterator[Place]:
    """Sections stand in the order of the page's kind.

    The same order on every page lets a worried reader find the risks without reading all. Move the section.

    Bad: ``{#risks}`` before ``{#benefits}``. Good: the order of the contract.
    """
    order = [s.id for s in contract.sections]
    highest = ""
    for heading in page.headings:
        if heading.level != 2 or heading.id not in order:
            continue
        if highest and order.index(heading.id) < order.index(highest):
            yield heading.line, 1, f"section {{#{heading.id}}} must stand before {{#{highest}}}"
        else:
            highest = heading.id


@rule("CC203")
def section_place(page: Page, contract: Contract) -> Iterator[Place]:
    """Free sections stand only where the page's kind allows them.

    A free section among the fixed ones breaks the order that readers rely on. Move it, or make it a
    sub-section (``###``) of the one before it.

    Bad: ``## More {#more}`` after ``{#next-steps}``. Good: after ``{#in-short}``.
    """
    if contract.free_after == "*":
        return
    order = [s.id for s in contract.sections]
    before = ""
    for heading in page.headings:
        if heading.level != 2:
            continue
        if heading.id in order:
            before = heading.id
        elif not contract.free_after or before != contract.free_after:
            where = (
                f"right after {{#{contract.free_after}}}, before the next fixed section"
                if contract.free_after
                else "nowhere on such a page: make it a '###' section"
            )
            yield heading.line, 1, f"'{heading.text}' is no section of kind '{contract.kind}'; it may stand {where}"


@rule("CC204", needs=("record",))
def title_heading(page: Page) -> Iterator[Place]:
    """A page has one title, first of its headings.

    The title is what search, screen readers and the browser's tab say. Use one ``#`` heading, before all others.

    Bad: two ``#`` headings. Good: ``# What is this scan?`` and ``##`` below it.
    """
    titles = [h for h in page.headings if h.level == 1]
    if not titles:
        yield 1, 1, "a page must have one title, '# ...', before its other headings"
    for heading in titles[1:]:
        yield heading.line, 1, "a page must have only one '#' title; make this a '##' heading"
    if titles and page.headings[0].level != 1:
        yield page.headings[0].line, 1, "the '#' title must come before every other heading"


@rule("CC205")
def heading_level(page: Page) -> Iterator[Place]:
    """Headings go down one level at a time.

    People who listen to a page jump from heading to heading; a skipped level sounds like a lost part.

    Bad: ``##`` then ``####``. Good: ``##`` then ``###``.
    """
    for before, heading in zip(page.headings, page.headings[1:], strict=False):
        if heading.level > before.level + 1:
            yield (
                heading.line,
                1,
                f"this heading must be at most '{'#' * (before.level + 1)}' after a '{'#' * before.level}'",
            )


@rule("CC206")
def heading_empty(page: Page) -> Iterator[Place]:
    """No heading is empty.

    An empty heading is read aloud as nothing and listed in the contents as a gap. Give it words.

    Bad: ``## {#risks}``. Good: ``## Risks {#risks}``.
    """
    for heading in page.headings:
        if not heading.text:
            yield heading.line, 1, "a heading must have words"


@rule("CC207")
def heading_id_doubled(page: Page) -> Iterator[Place]:
    """No heading id stands twice on a page.

    A link would lead to the first of the two only. Give one of them another id.

    Bad: two ``{#risks}``. Good: ``{#risks}`` and ``{#risks-of-waiting}``.
    """
    seen: dict[str, int] = {}
    for heading in page.headings:
        if heading.id in seen:
            yield heading.line, 1, f"id '{heading.id}' is already used on line {seen[heading.id]}; choose another"
        elif heading.id:
            seen[heading.id] = heading.line


@rule("CC208", needs=("record",))
def heading_id_missing(page: Page) -> Iterator[Place]:
    """Every section heading carries an id.

    Links to a section must go on working when its words are changed or translated, so the id is not made
    from the words. Add one in braces.

    Bad: ``## Risks``. Good: ``## Risks {#risks}``.
    """
    for heading in page.headings:
        if heading.level > 1 and not heading.id:
            yield heading.line, 1, f"this heading needs an id: '{'#' * heading.level} {heading.text} {{#...}}'"


@rule("CC209")
def section_items(page: Page, contract: Contract) -> Iterator[Place]:
    """A list that the page's kind limits has the right number of items.

    Five points can be held in mind, nine cannot; an empty list of questions helps nobody.

    Bad: ten points ``in-short``. Good: three to five.
    """
    counts = {listed.section: listed for listed in page.lists}
    for section in contract.sections:
        if not section.items or section.id not in page.sections:
            continue
        least, most = section.items
        listed = counts.get(section.id)
        if not listed:
            line = next(h.line for h in page.headings if h.level == 2 and h.id == section.id)
            yield line, 1, f"section {{#{section.id}}} must hold a list of {least} to {most} items"
        elif not least <= listed.items <= most:
            yield listed.line, 1, f"section {{#{section.id}}} must hold {least} to {most} items, not {listed.items}"
