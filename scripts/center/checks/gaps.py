"""CC1xx, from CC109: what is still to be written. A draft may hold it; a site that patients read may not."""

from __future__ import annotations

from collections.abc import Iterator

from center.center import Center
from center.finding import Place, rule
from center.page import Page


def _fill(gap: str) -> str:
    return f"write here what this gap asks for, without the brackets: {' '.join(gap.split())}"


@rule("CC109")
def gap_left(page: Page) -> Iterator[Place]:
    """No marked gap is left on a page.

    A reader who needs help must not meet the place where it should stand. Write what the gap asks for in its
    place, brackets included; take the section out if it is optional and has nothing to say.

    Bad: ``[[Who can have this test?]]``. Good: ``Most adults can have this test.``
    """
    for gap in page.gaps:
        yield gap.line, gap.column, _fill(gap.text)


@rule("CC110", reads="center")
def data_gap_left(center: Center) -> Iterator[tuple[str, int, int, str]]:
    """No marked gap is left in what all pages share: the references, the words and the site's settings.

    They are printed on many pages, and an example that was never replaced would stand there as if it were
    true. Write what the gap asks for in its place; take an example out once there are entries of your own.

    Bad: ``title: "[[Title of the source]]"``. Good: ``title: The title of a source you read``.
    """
    for path, gap in center.gaps:
        yield path, gap.line, gap.column, _fill(gap.text)
