"""CC2xx: headings and the sections that a page's kind asks for, matched by heading id."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from center import prose, questions
from center.center import Center, Settings
from center.contract import Contract
from center.finding import Place, rule
from center.gaps import GAP
from center.page import Page

#: The italics after a question in the list of all: why it may help.
_REASON = re.compile(r" (?:\*(?!\*)|_(?!_))")


@rule("CC201")
def section_missing(page: Page, contract: Contract) -> Iterator[Place]:
    """Every section that the page's kind asks for is there.

    Readers of one page learn where to look on the next; a treatment page without its risks misleads. Add
    the section, with the id that the message names; the heading's words are free.

    Bad: a treatment page without ``{#risks}``. Good: ``## What can go wrong? {#risks}``.
    """
    last = len(page.lines) or 1
    known = {section.id for section in contract.sections}
    before = ""
    for section in contract.sections:
        if section.id in page.sections:
            before = section.id
        elif section.required:
            where = f" after {{#{before}}}" if before else ""
            close = difflib.get_close_matches(section.id, sorted(page.sections - known), n=1, cutoff=0.8)
            hint = f"; is {{#{close[0]}}} meant to be it?" if close else ""
            yield last, 1, f"a page of kind '{contract.kind}' must have '## ... {{#{section.id}}}'{where}{hint}"


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


def _items(page: Page, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """The list items between two lines, without sources and without what is set in italics after the words."""
    for run in page.prose.runs:
        if run.kind == "item" and first < run.line < last:
            words = " ".join(prose.CITED.sub("", run.raw).split())
            yield _REASON.split(words)[0], *run.place(0)


@rule("CC211", reads="center")
def question_id(center: Center, settings: Settings) -> Iterator[tuple[str, int, int, str]]:
    """Every question of the list of all questions has an id of its own.

    A reader's own list, and the button beside the question on every page, hang on that id, so it is written once
    and never changed. It stands in braces on the line below the question.

    Bad: a question without one. Good: the line ``{: #q-how-bad }`` below it.
    """
    together = center.by_name.get(PurePosixPath(settings.questions))
    if not together:
        return
    seen = dict[str, int]()
    for question in questions.parse(together.text):
        if GAP.search(question.words):
            continue
        if not question.id or not re.fullmatch(r"q-[a-z0-9-]+", question.id):
            must = "must have an id on the line below, such as '  {: #q-how-bad }'"
        elif question.id in seen:
            must = f"must have an id of its own; '{question.id}' is that of line {seen[question.id]}"
        else:
            seen[question.id] = question.line
            continue
        yield together.path, question.line, 1, f"'{question.words}' {must}"


@rule("CC210", reads="center", severity="warning")
def question_listed(center: Center, settings: Settings) -> Iterator[tuple[str, int, int, str]]:
    """Every question that a page gives to ask stands in the list of all questions, word for word.

    People print that list and take it to a visit; a question they met on a page and do not find there is lost.
    Use the list's wording on the page, or add the question to the list.

    Bad: "Is it bad?" on the page, "How bad is it?" in the list. Good: "How bad is it?" in both.
    """
    together = center.by_name.get(PurePosixPath(settings.questions))
    if not together:
        return
    listed = [words for words, *_ in _items(together, 0, len(together.lines) + 1)]
    for page in center.pages:
        contract = center.contracts.get(page.kind or "")
        asked = {s.id for s in contract.sections if s.questions} if contract else set()
        ends = [h.line for h in page.headings if h.level <= 2] + [len(page.lines) + 1]
        for heading in page.headings:
            if heading.level != 2 or heading.id not in asked:
                continue
            for words, line, column in _items(page, heading.line, min(e for e in ends if e > heading.line)):
                if words not in listed and not GAP.search(words):
                    close = difflib.get_close_matches(words, listed, n=1, cutoff=0.3)
                    hint = f"; the nearest there is '{close[0]}'" if close else ""
                    yield page.path, line, column, f"'{words}' must stand in {together.path} in the same words{hint}"
