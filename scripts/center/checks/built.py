"""CC7xx: the built site, where only the finished HTML shows what templates and extensions wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from center.finding import rule
from center.links.web import OUT, Fault, Web
from center.site import Site

Where = tuple[str, int, int, str]
_LEFT = re.compile(r"^\s*///|\[@[\w;\s@.:-]*\]|\{\s*[#.:][\w-]+[^}]*\}|\{\{|\{%", re.M)


def _where(fault: Fault) -> tuple[str, int, int]:
    return fault.path, fault.line, fault.column


def _short(text: str) -> str:
    """An address as a line can hold it."""
    return text if len(text) <= 120 else f"{text[:80]}...{text[-30:]}"


def _written(fault: Fault) -> str:
    """A link as it stands in its file."""
    return f"'{_short(' '.join(fault.written.split()))}'"


def _meant(fault: Fault) -> str:
    """What a link was resolved to, and why that is nothing."""
    if fault.meant == OUT:
        return "it leads out of the site"
    if fault.meant.partition(":")[0] in ("http", "https", "file") and ":" in fault.meant:
        return f"it leads out of the site, to '{_short(fault.meant)}'"
    return f"there is none at '/{_short(fault.meant.lstrip('/'))}'"


def _near(fault: Fault) -> str:
    return f"; did you mean '{_short(fault.near)}'?" if fault.near else ""


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
def built_link(web: Web) -> Iterator[Where]:
    """Every address in a built page leads to a file of the site.

    Links that a template or an extension wrote are seen here alone, and so are those in sheets and pictures. They are
    read as a browser reads them and asked of a plain static host, where capitals count and a folder is its
    ``index.html``. Mend the page, template or nav.

    Bad: ``href="../scan"`` without such a file. Good: a file that the host serves.
    """
    for fault in web.faults:
        if fault.sort == "file":
            yield *_where(fault), f"{_written(fault)} must lead to a file of the site; {_meant(fault)}{_near(fault)}"


@rule("CC702", reads="site")
def built_anchor(web: Web) -> Iterator[Where]:
    """Every fragment in a built page leads to an element that exists.

    The reader would land at the top of the page instead of at the answer.

    Bad: ``href="#risk"``. Good: ``href="#risks"``, with ``id="risks"`` on that page.
    """
    for fault in web.faults:
        if fault.sort == "fragment":
            file, _, name = fault.meant.partition("#")
            told = f"'#{name}' must be an id on {web.work.path(file)}"
            yield *_where(fault), f"{_written(fault)} must lead to an element: {told}{_near(fault)}"


@rule("CC707", reads="site")
def built_part(web: Web) -> Iterator[Where]:
    """Every attribute that works on another part of its page names one that exists.

    A button that opens nothing, a picture whose map is missing and a field without its form do nothing when a reader
    uses them. This is asked of ``usemap``, ``form``, ``list``, ``headers``, ``popovertarget``, ``commandfor`` and
    ``itemref``.

    Bad: ``<button popovertarget="help-1">``. Good: ``<button popovertarget="help">``, with ``id="help"`` on that page.
    """
    for fault in web.faults:
        if fault.sort == "id":
            what = "the name of a map" if fault.attribute == "usemap" else "an id"
            yield *_where(fault), f"{fault.attribute}={_written(fault)} must be {what} on this page{_near(fault)}"


@rule("CC708", reads="site")
def built_address(web: Web) -> Iterator[Where]:
    """Every address in a built page is one.

    What a browser cannot read as an address leads nowhere, wherever the site lies.

    Bad: ``href="https://"`` or ``src=""``. Good: ``href="https://example.org/"``.
    """
    for fault in web.faults:
        if fault.sort == "address":
            yield (
                *_where(fault),
                f"{fault.attribute}={_written(fault)} must be an address; a browser can make nothing of it",
            )


@rule("CC709", reads="site")
def built_for_machines(web: Web) -> Iterator[Where]:
    """Every address that is written for machines leads to a file of the site.

    The search on the site and outside it, readers of feeds and previews of links go by these. No reader of the page
    sees them, so a wrong one stays for years: the canonical address, other forms of a page, what a preview shows, the
    sitemap, feeds, and the search index.

    Bad: a sitemap with ``<loc>https://example.org/gone/</loc>``. Good: addresses of pages that are there.
    """
    for fault in web.faults:
        if fault.sort == "machine":
            yield *_where(fault), f"{_written(fault)} must lead to a file of the site; {_meant(fault)}{_near(fault)}"


@rule("CC710", reads="site")
def built_data_readable(web: Web) -> Iterator[Where]:
    """What pages are shown and found with can be read.

    A drawing, sitemap, feed, manifest or search index with a mistake in its form is dropped whole by whatever reads
    it. Build it anew, or mend the file that it is made of.

    Bad: ``<svg><g></svg>``. Good: ``<svg><g></g></svg>``.
    """
    for fault in web.unread:
        yield *_where(fault), fault.meant


@rule("CC703", reads="site")
def outside_resource(site: Site) -> Iterator[Where]:
    """No page loads anything from another origin.

    It would tell that server who reads about which illness, and fail without a network.

    Bad: ``<script src="https://...">``. Good: a file of the site.
    """
    for page in site.pages.values():
        for load in page.loads:
            yield (
                page.path,
                load.line,
                load.column,
                f"<{load.tag}> must load from the site itself, not '{load.written}'",
            )


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
            yield page.path, *picture, "this picture must have an alternative text (alt)"


@rule("CC706", reads="site")
def built_id_doubled(site: Site) -> Iterator[Where]:
    """No id stands twice in a built page.

    A link or a label would reach the wrong one of the two.

    Bad: two ``id="risks"``. Good: one.
    """
    for page in site.pages.values():
        for id_, line, column in page.doubled:
            yield page.path, line, column, f"id '{id_}' must stand only once on a page"
