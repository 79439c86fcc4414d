"""CC6xx: what keeps a reader safe. Rules of this family cannot be silenced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from center.finding import rule
from center.site import Site

Where = tuple[str, int, int, str]


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
