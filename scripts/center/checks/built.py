"""CC7xx: the built site, where only the finished HTML shows what templates and extensions wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from center.finding import rule
from center.links import url
from center.links.web import OUT, Fault, Web
from center.site import BuiltPage, Site

Where = tuple[str, int, int, str]
_LEFT = re.compile(r"^\s*///|\[@[\w;\s@.:-]*\]|\{\s*[#.:][\w-]+[^}]*\}|\{\{|\{%", re.M)

#: What each kind of thing in structured data must say of itself, in the words of schema.org.
_PAGE = ("@id", "name", "url", "inLanguage", "isPartOf", "dateModified")
_MUST = {
    "WebPage": _PAGE,
    "MedicalWebPage": (*_PAGE, "audience"),
    "WebSite": ("@id", "name", "url"),
    "MedicalCondition": ("name",),
    "AnatomicalStructure": ("name",),
    "MedicalAudience": ("audienceType",),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position", "name", "item"),
    "Person": ("name",),
}
_PAGES = ("WebPage", "MedicalWebPage")
_DAYS = ("dateModified", "lastReviewed")
#: What names a page of this site, of everything but a person.
_PLACES = ("@id", "url", "item", "mainEntityOfPage")


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


@rule("CC711", reads="site")
def built_structured_data(site: Site) -> Iterator[Where]:
    """What a page says of itself to search engines and previews is whole, and true of this page.

    Whoever looks for help sees these words before the page. Data that cannot be read is dropped; an address of
    another page leads people wrong; a review that nobody made is a lie about health. So the data must be JSON in the
    words of schema.org, with what each kind of thing needs; its addresses and the steps of the way here must be
    pages of the site; a reviewer must be one whom the page itself names; and the preview must show the page's own
    address, title and description. It is a template that writes them.

    Bad: ``"lastReviewed": "2026-01-09"`` on a page that nobody reviewed. Good: ``"dateModified": "2026-01-09"``.
    """
    for page in site.pages.values():
        told = page.told
        here = told.words.get("canonical")
        for data in told.data:
            for message in _in_data(data.text, page, site.web):
                yield page.path, data.line, data.column, f"structured data {message}"
        if here and here.text and (led := _led(here.text, site.web)) and led != page.name.as_posix():
            yield (
                page.path,
                here.line,
                here.column,
                f"the canonical address must be this page's own, not '{_short(here.text)}'",
            )
        for name, own in (("og:url", here.text if here else ""), ("og:description", told.description)):
            shown = told.words.get(name)
            if shown and shown.text != own:
                same = (
                    f"'{_short(own)}', as the page says elsewhere" if own else "what the page says elsewhere: nothing"
                )
                yield page.path, shown.line, shown.column, f"{name} must be {same}"
        shown = told.words.get("og:title")
        if shown and (not shown.text or not told.title.startswith(shown.text)):
            yield page.path, shown.line, shown.column, f"og:title must be how the title begins: '{_short(told.title)}'"


def _led(address: str, web: Web) -> str:
    """The file of the site that an address leads to; "" if there is none."""
    found = url.normal(address)
    served = web.work.host.serve(found, address) if found else None
    return served.file if served and served.state == "file" else ""


def _in_data(text: str, page: BuiltPage, web: Web) -> Iterator[str]:
    """What is wrong with one piece of structured data."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield f"must be valid JSON: {error}"
        return
    if not isinstance(data, dict) or str(data.get("@context")).rstrip("/") != "https://schema.org":
        yield 'must be an object whose "@context" is "https://schema.org"'
        return
    graph = data.get("@graph", [data])
    things = [thing for part in (graph if isinstance(graph, list) else [graph]) for thing in _things(part)]
    for thing in things:
        yield from _in_thing(thing, page, web)
    pages = [thing for thing in things if thing.get("@type") in _PAGES]
    if len(pages) != 1 or _led(str(pages[0].get("url")), web) != page.name.as_posix():
        yield "must tell of one page, by its url: this one"
    for steps in [thing["itemListElement"] for thing in things if thing.get("itemListElement")]:
        yield from _in_steps(steps, page, web)


def _things(part: Any) -> Iterator[dict[str, Any]]:
    """Every object in some data."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _things(inner)


def _in_thing(thing: dict[str, Any], page: BuiltPage, web: Web) -> Iterator[str]:
    kind = thing.get("@type")
    if kind is None and set(thing) == {"@id"}:
        kind = "a thing told elsewhere"
    elif not isinstance(kind, str) or kind not in _MUST:
        yield f"must be of a kind that is known ({', '.join(sorted(_MUST))}), not '{kind}'"
        return
    for name in _MUST.get(kind, ()):
        if thing.get(name) in (None, "", [], {}):
            yield f"must say the {name} of each {kind}"
    for name in _PLACES:
        address = thing.get(name)
        if address and kind != "Person" and not (isinstance(address, str) and _led(address, web)):
            yield f"must lead to pages of the site; {name} '{_short(str(address))}' of {kind} does not"
    for name in _DAYS:
        if name in thing and not _is_day(thing[name]):
            yield f"must give {name} as a day such as 2026-01-09, not '{thing[name]}'"
    people = thing.get("reviewedBy") or []
    people = people if isinstance(people, list) else [people]
    if bool(people) != bool(thing.get("lastReviewed")):
        yield "must say lastReviewed and reviewedBy together, and only of a page that was reviewed"
    for person in people:
        name = str(person.get("name") if isinstance(person, dict) else person)
        if " ".join(name.split()) not in " ".join(page.marks.get("review", "").split()):
            yield f"must not say reviewedBy '{_short(name)}': the page itself does not"


def _is_day(written: Any) -> bool:
    try:
        return isinstance(written, str) and date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _in_steps(steps: Any, page: BuiltPage, web: Web) -> Iterator[str]:
    """What is wrong with the way from the start to a page."""
    items = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    if [step.get("position") for step in items] != list(range(1, len(items) + 1)) or not items:
        yield "must count the positions of its BreadcrumbList from 1"
    elif _led(str(items[-1].get("item")), web) != page.name.as_posix():
        yield f"must end its BreadcrumbList at this page, not at '{_short(str(items[-1].get('item')))}'"
