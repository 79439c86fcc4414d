"""CC3xx: links and pictures as written in a source page."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from center.center import Center
from center.finding import Place, rule
from center.page import Link, Page
from center.site import join


def _near(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def _inside(page: Page) -> Iterator[tuple[Link, str, str]]:
    """Links within the center: the link, its path and its fragment."""
    for link in page.links:
        try:
            parts = urlsplit(link.target)
        except ValueError:
            yield link, link.target, ""
            continue
        if not parts.scheme and not parts.netloc and not parts.path.startswith("/"):
            yield link, unquote(parts.path), unquote(parts.fragment)


def _shown(file: PurePosixPath, page: Page) -> str:
    """A file as a link on this page would name it."""
    here, there = page.name.parent.parts, file.parts
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "/".join((*[".."] * (len(here) - common), *there[common:]))


@rule("CC301")
def link_target(page: Page, center: Center) -> Iterator[Place]:
    """Every link within the center leads to a page or file that exists.

    A dead link leaves a worried reader alone at the worst moment. Link to the ``.md`` file, relative to
    the page you are on.

    Bad: ``[the test](scan)``. Good: ``[the test](../tests/scan.md)``.
    """
    for link, path, _ in _inside(page):
        if not path:
            continue
        file = join(page.name.parent, path)
        if file is None or file not in center.files or path.endswith("/"):
            shown = [_shown(name, page) for name in center.files]
            yield link.line, link.column, f"'{link.target}' must name a file of the center{_near(path, shown)}"


@rule("CC302")
def link_anchor(page: Page, center: Center) -> Iterator[Place]:
    """Every link to a section leads to an id that exists on that page.

    The reader would land at the top of a long page and search. Use the id in the heading's braces.

    Bad: ``[risks](scan.md#risk)``. Good: ``[risks](scan.md#risks)``.
    """
    for link, path, fragment in _inside(page):
        file = join(page.name.parent, path) if path else page.name
        target = center.by_name.get(file) if file else None
        if not fragment or target is None or target.problem:
            continue
        ids = center.ids(target)
        if ids is not None and fragment not in ids:
            yield link.line, link.column, f"'#{fragment}' must be an id on {target.path}{_near(fragment, ids)}"


@rule("CC303")
def link_relative(page: Page) -> Iterator[Place]:
    """Links within the center are relative.

    An address from the root breaks under a sub-path and in the offline copy.

    Bad: ``[help](/get-help/)``. Good: ``[help](../get-help.md)``.
    """
    for link in page.links:
        if link.target.startswith("/") and not link.target.startswith("//"):
            yield link.line, link.column, f"'{link.target}' must be relative to this page, such as '../get-help.md'"


@rule("CC304")
def picture_alt(page: Page) -> Iterator[Place]:
    """Every picture has an alternative text.

    People who cannot see the picture, or whose phone did not load it, need its message in words.

    Bad: ``![](flow.svg)``. Good: ``![Blood flows one way.](flow.svg)``.
    """
    for link in page.links:
        if link.kind == "picture" and not link.text:
            yield (
                link.line,
                link.column,
                f"picture '{link.target}' must say its message in words: ![...]({link.target})",
            )


@rule("CC305")
def picture_own(page: Page) -> Iterator[Place]:
    """Pictures come from the center itself.

    A picture from elsewhere tells that server who reads which page, and is missing without a network.

    Bad: ``![x](https://example.org/x.png)``. Good: ``![x](../assets/pictures/x.svg)``.
    """
    for link in page.links:
        if link.kind == "picture" and (link.target.startswith("//") or ":" in link.target.split("/")[0]):
            yield link.line, link.column, f"picture '{link.target}' must be a file of the center"
