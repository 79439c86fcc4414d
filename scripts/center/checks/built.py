"""CC7xx: the built site, where only the finished HTML shows what templates and extensions wrote."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from center.finding import rule
from center.site import Site

Where = tuple[str, int, int, str]
_LEFT = re.compile(r"^\s*///|\[@[\w;\s@.:-]*\]|\{\s*[#.:][\w-]+[^}]*\}|\{\{|\{%", re.M)


@rule("CC700", reads="site")
def built_readable(site: Site) -> Iterator[Where]:
    """A built page can be read.

    A file that is not UTF-8 shows wrong letters. Build it anew.

    Bad: a page saved as Latin-1. Good: the page as the build writes it.
    """
    for page in site.pages.values():
        if page.problem:
            yield page.path, page.problem.line, page.problem.column, page.problem.message


@rule("CC701", reads="site")
def built_link(site: Site) -> Iterator[Where]:
    """Every address in a built page leads to a file of the site.

    Links that a template or an extension wrote are seen here alone. Mend the page, template or nav.

    Bad: ``href="../scan"`` without such a file. Good: a file that the host serves.
    """
    files = None
    for page in site.pages.values():
        for ref in page.references:
            if site.resolve(page, ref.target).state == "missing":
                files = files or [str(name) for name in site.files]
                close = difflib.get_close_matches(ref.target.strip("./"), files, n=1, cutoff=0.5)
                hint = f"; the nearest is '{close[0]}'" if close else ""
                yield page.path, ref.line, ref.column, f"'{ref.target}' must lead to a file of the site{hint}"


@rule("CC702", reads="site")
def built_anchor(site: Site) -> Iterator[Where]:
    """Every fragment in a built page leads to an element that exists.

    The reader would land at the top of the page instead of at the answer.

    Bad: ``href="#risk"``. Good: ``href="#risks"``, with ``id="risks"`` on that page.
    """
    for page in site.pages.values():
        for ref in page.references:
            target = site.resolve(page, ref.target)
            if target.state != "inside" or not target.fragment or target.fragment.lower() == "top":
                continue
            there = site.pages.get(target.file) if target.file else None
            if there and not there.problem and target.fragment not in there.ids:
                yield page.path, ref.line, ref.column, f"'#{target.fragment}' must be an id on {there.path}"


@rule("CC703", reads="site")
def outside_resource(site: Site) -> Iterator[Where]:
    """No page loads anything from another origin.

    It would tell that server who reads about which illness, and fail without a network.

    Bad: ``<script src="https://...">``. Good: a file of the site.
    """
    for page in site.pages.values():
        for ref in page.references:
            if ref.loads and site.resolve(page, ref.target).state == "outside":
                yield page.path, ref.line, ref.column, f"<{ref.tag}> must load from the site itself, not '{ref.target}'"


@rule("CC704", reads="site")
def markup_left_over(site: Site) -> Iterator[Where]:
    """No Markdown or template syntax is left in the text.

    It means that a block, a citation or an id was not understood, and the reader sees the raw form.

    Bad: "/// out-of-100" on the page. Good: the picture.
    """
    for page in site.pages.values():
        for text in page.texts:
            left = _LEFT.search(text.text)
            if left:
                above = text.text[: left.end() - len(left.group(0).lstrip())]
                line = text.line + above.count("\n")
                column = len(above) - above.rfind("\n") if "\n" in above else text.column
                yield page.path, line, column, f"'{left.group(0).strip()[:40]}' must not be left in the text"


@rule("CC705", reads="site")
def built_picture_alt(site: Site) -> Iterator[Where]:
    """Every picture in a built page has an alternative text (empty only for decoration).

    Without ``alt`` a screen reader says the file's name.

    Bad: ``<img src="x.svg">``. Good: ``<img src="x.svg" alt="...">``.
    """
    for page in site.pages.values():
        for picture in page.pictures:
            if picture.alt is None:
                yield page.path, picture.line, picture.column, "this picture must have an alternative text (alt)"


@rule("CC706", reads="site")
def built_id_doubled(site: Site) -> Iterator[Where]:
    """No id stands twice in a built page.

    A link or a label would reach the wrong one of the two.

    Bad: two ``id="risks"``. Good: one.
    """
    for page in site.pages.values():
        for id_, line, column in page.doubled:
            yield page.path, line, column, f"id '{id_}' must stand only once on a page"
