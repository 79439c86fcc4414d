"""CC4xx: sources."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from center import people
from center.center import Center
from center.contract import Contract
from center.finding import Place, rule
from center.page import Page
from center.sources import References


@rule("CC401")
def citation_known(page: Page, references: References) -> Iterator[Place]:
    """Every citation names a reference.

    A claim with a dead citation is a claim without a source. Mend the key, or add the reference.

    Bad: ``[@stone2018]``. Good: ``[@stone2018-coapt]``.
    """
    for citation in page.citations:
        for key in citation.keys:
            if key not in references:
                close = difflib.get_close_matches(key, list(references), n=1)
                hint = f"; did you mean '@{close[0]}'?" if close else ""
                yield citation.line, citation.column, f"'@{key}' must be a key of the references{hint}"


@rule("CC402")
def citation_form(page: Page) -> Iterator[Place]:
    """Every citation is written in the one form that is read.

    Anything else would stand on the page as odd text. Separate keys by semicolons.

    Bad: ``[@a, @b]``. Good: ``[@a; @b]``.
    """
    for citation in page.citations:
        if not citation.keys:
            yield citation.line, citation.column, f"'{citation.text}' must be written [@key] or [@key; @other-key]"


@rule("CC403", needs=("written",))
def page_cited(page: Page, contract: Contract) -> Iterator[Place]:
    """A page of claims cites its sources.

    Readers and clinicians must be able to see where a claim comes from.

    Bad: a treatment page without one citation. Good: ``... [@key]`` after each claim.
    """
    if contract.cited and not page.citations:
        yield (
            len(page.lines) or 1,
            1,
            f"a page of kind '{contract.kind}' must cite its sources: [@key] after each claim",
        )


@rule("CC404")
def people_picture(page: Page, references: References, rates: tuple[str, ...]) -> Iterator[Place]:
    """A picture of people out of 100 states all it must, and adds up.

    A picture convinces; a wrong one misleads more than a wrong sentence. The message says what must be.

    Bad: ``Clip: [29, 70]``. Good: ``Clip: [29, 71]``.
    """
    for block in page.blocks:
        if block.error:
            yield block.error.line, block.error.column, block.error.message
        elif block.closed and block.name == "out-of-100":
            try:
                people.parse(block.data, references, rates)
            except ValueError as error:
                yield block.line, 1, f"/// {block.name}: {error}"


@rule("CC405")
def block_known(page: Page, blocks: frozenset[str]) -> Iterator[Place]:
    """Every block is one that the center can draw, and is closed.

    A block that is not understood would stand on the page as raw text.

    Bad: ``/// out-of-10``. Good: ``/// out-of-100``, its lines, and ``///`` at its end.
    """
    for block in page.blocks:
        if not block.name:
            yield block.line, 1, "this line '///' ends no block; a block begins '/// name'"
            continue
        if block.name not in blocks:
            close = difflib.get_close_matches(block.name, sorted(blocks), n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            yield block.line, 1, f"'/// {block.name}' must be one of {', '.join(sorted(blocks))}{hint}"
        if not block.closed:
            yield block.line, 1, "this block needs a line '///' at its end"


@rule("CC406", reads="center")
def references_usable(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """The references, the glossary and the list of page kinds can be read.

    They are shared by every page: one mistake in them would break all.

    Bad: two references of one key. Good: one.
    """
    for problem in center.problems:
        yield str(problem.path), problem.line, problem.column, problem.message
