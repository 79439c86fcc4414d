"""CC3xx: links and pictures as written in a source page."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from center import prose as words
from center.center import SITE, Center, Settings
from center.finding import Place, rule
from center.nav import Nav
from center.page import Link, Page
from center.phrases import Phrases
from center.prose import Prose
from center.site import join
from center.sources import References

Where = tuple[str, int, int, str]
#: The kind of a page that keeps an old address alive.
_MOVED = "moved"
#: Steps from home in which every page must be reached.
_STEPS = 3
_OUTSIDE = ("https", "mailto", "tel", "sms")
_BARE = re.compile(r"(?:https?://|www\.)\S+", re.I)
#: A link or picture by reference, as written: its words and its label.
_BY_LABEL = re.compile(r"(?<![\w\\\]])\[([^\[\]]+)\]\[([^\[\]]*)\]")
_FOOTNOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_FOOTNOTE_TEXT = re.compile(r"^\[\^[^\]\s]+\]:", re.M)
_SNIPPET = re.compile(r"^[ \t]*(-+8<-+)", re.M)


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


def _source(page: Page, path: str, center: Center) -> PurePosixPath | None:
    """The page that a path means which names its built form, a folder or ``.html``; None if it is another."""
    file = join(page.name.parent, path)
    if file is None or file in center.files:
        return None
    base = file.with_suffix("") if file.suffix == ".html" else file
    base = base.parent if file.name == "index.html" else base
    return next(
        (s for s in (PurePosixPath(f"{base}.md"), base / "index.md", base / "README.md") if s in center.by_name), None
    )


@rule("CC301")
def link_target(page: Page, center: Center) -> Iterator[Place]:
    """Every link within the center leads to a page or file that exists.

    A dead link leaves a worried reader alone at the worst moment. Link to the ``.md`` file, relative to
    the page you are on.

    Bad: ``[the test](gone.md)``. Good: ``[the test](../tests/scan.md)``.
    """
    for link, path, _ in _inside(page):
        if not path or _source(page, path, center):
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


@rule("CC306")
def link_words(page: Page, phrases: Phrases) -> Iterator[Place]:
    """The words of a link say where it goes.

    Many people listen to the links of a page alone, one after the other; "here, here, more" tells them nothing,
    and an address is read out letter by letter.

    Bad: ``[click here](scan.md)``. Good: ``[how the scan is done](scan.md)``.
    """
    for link in page.links:
        if link.kind != "link":
            continue
        said = " ".join(link.text.split())
        core = said.casefold().strip(" .,:;!?…<>()[]\"'“”‘’→»›")
        line = page.lines[link.line - 1] if link.line <= len(page.lines) else ""
        if _BARE.fullmatch(said):
            wrong = "an address"
        elif core in phrases.empty_link_words or (len(core) == 1 and core.isascii() and core.isalnum()):
            wrong = f"'{said}'"
        elif not said and line[: link.column - 1].rstrip(" <").endswith("[]("):
            wrong = "nothing"
        else:
            continue
        yield link.line, link.column, f"the words of this link must say where it goes, not {wrong}"


@rule("CC307")
def link_secure(page: Page) -> Iterator[Place]:
    """Links to other sites begin with ``https://``.

    What is read over ``http://`` can be seen and changed on its way, and ``//`` leads nowhere in the offline copy.

    Bad: ``[the guideline](http://example.org)``. Good: ``[the guideline](https://example.org)``.
    """
    for link in page.links:
        try:
            parts = urlsplit(link.target)
        except ValueError:
            continue
        if link.kind == "link" and (parts.scheme or parts.netloc) and parts.scheme not in _OUTSIDE:
            yield link.line, link.column, f"'{link.target}' must begin with 'https://'"


@rule("CC308")
def link_source_form(page: Page, center: Center) -> Iterator[Place]:
    """Links between pages name the source file, ending in ``.md``.

    The address of the built page differs between the hosted site and the offline copy; only the source file is
    turned into the right one in both.

    Bad: ``[the test](../tests/scan/)``, ``scan.html``. Good: ``[the test](../tests/scan.md)``.
    """
    for link, path, fragment in _inside(page):
        source = _source(page, path, center) if path else None
        if source:
            shown = _shown(source, page) + (f"#{fragment}" if fragment else "")
            yield link.line, link.column, f"'{link.target}' must name the source of the page: '{shown}'"


@rule("CC309")
def label_defined(prose: Prose, references: References) -> Iterator[Place]:
    """Every link by reference and every footnote has its definition.

    Without it the reader sees the brackets instead of a link. Add the line that the message names.

    Bad: ``[the test][scan]`` alone. Good: also a line ``[scan]: ../tests/scan.md``.
    """
    notes = {name for name, _ in prose.footnotes}
    for run in prose.runs:
        if "[" not in run.raw:
            continue
        for match in _BY_LABEL.finditer(run.raw):
            label = match[2] or match[1]
            if label in references:
                continue  # a citation that lost its sign: another rule's finding
            if label[0] not in "@^" and match[1][0] not in "@^" and words.label(label) not in prose.labels:
                yield *run.place(match.start()), f"'[{label}]' must be defined by a line '[{label}]: address'"
        for match in _FOOTNOTE.finditer(run.raw):
            if match[1].lower() not in notes:
                yield *run.place(match.start()), f"'[^{match[1]}]' must be defined by a line '[^{match[1]}]: words'"


@rule("CC310")
def footnote_used(prose: Prose) -> Iterator[Place]:
    """Every footnote is used, and defined once.

    One that nothing leads to is most often what is left of a sentence that was taken out, or a mistyped label.

    Bad: ``[^1]: Words`` and no ``[^1]``. Good: ``... for some people[^1]`` and ``[^1]: Words``.
    """
    used = {
        match[1].lower()
        for run in prose.runs
        for match in _FOOTNOTE.finditer(_FOOTNOTE_TEXT.sub(lambda m: " " * len(m.group(0)), run.raw))
    }
    seen: set[str] = set()
    for name, line in prose.footnotes:
        if name not in used:
            yield line, 1, f"this footnote must be used by a '[^{name}]' in the text, or taken out"
        elif name in seen:
            yield line, 1, f"footnote '[^{name}]' must be defined only once"
        seen.add(name)


def _page_links(page: Page, center: Center) -> list[tuple[Link, Page]]:
    """Links of a page to other pages."""
    found = [
        (link, center.by_name.get(join(page.name.parent, path) or page.name)) for link, path, _ in _inside(page) if path
    ]
    return [(link, target) for link, target in found if target and target is not page]


@rule("CC311", reads="center")
def page_unreachable(center: Center, nav: Nav, settings: Settings) -> Iterator[Where]:
    """Every page can be reached from the start page in three steps.

    A page that nobody comes to helps nobody. Steps are links in the text, and from the start page also the
    first level of the menu. Link to the page from one that is nearer to the start.

    Bad: a page about a test that no page links to. Good: a link to it from the page about the illness.
    """
    home = center.by_name.get(PurePosixPath(settings.home))
    if not home:
        yield "pyproject.toml", 1, 1, f"[tool.center] 'home' must name a page, not '{settings.home}'"
        return
    reached = {home.name}
    edge = [home]
    for step in range(_STEPS):
        names = {target.name for page in edge for _, target in _page_links(page, center)}
        names |= nav.first if step == 0 else set()
        edge = [center.by_name[name] for name in names - reached if name in center.by_name]
        reached |= {page.name for page in edge}
    for page in center.pages:
        if page.name not in reached and page.kind != _MOVED and not page.problem:
            yield (
                page.path,
                1,
                1,
                f"this page must be reached from {home.path} in {_STEPS} steps: link to it from a nearer page",
            )


@rule("CC312", reads="center")
def page_outside_nav(center: Center, nav: Nav) -> Iterator[Where]:
    """Every page stands in the menu of mkdocs.yml.

    A page left out is missing from the menu and from "next page", and other engines than MkDocs pass over it unsaid.

    Bad: a new page that ``nav`` does not name. Good: a line ``- The scan: tests/scan.md`` under ``nav``.
    """
    for page in center.pages:
        if page.name not in nav.pages and page.kind != _MOVED:
            yield page.path, 1, 1, f"this page must stand in the nav of mkdocs.yml: '- ...: {page.name}'"


@rule("CC313")
def snippet_unread(prose: Prose) -> Iterator[Place]:
    """No page takes in another file by a snippet mark.

    What stands in the other file would not be checked, and where the mark is not understood the reader sees it
    raw. Write the text on the page, or link to it.

    Bad: ``--8<-- "risks.md"``. Good: the text itself.
    """
    for run in prose.runs:
        match = _SNIPPET.search(run.raw)
        if match:
            yield (
                *run.place(match.start(1)),
                f"'{match[1]}' is not used here: write the text on the page, or link to it",
            )


@rule("CC314", needs=("written",))
def moved_link(page: Page, center: Center) -> Iterator[Place]:
    """A page that has moved leads to where it went, and nowhere else.

    Whoever comes by an old address wants the page, not a choice, and not another page that has moved. Give it one
    link, to the page as it is now.

    Bad: "This page has moved." Good: "This page has moved: ``[the scan](../tests/scan.md)``."
    """
    if page.kind != _MOVED:
        return
    links = _page_links(page, center)
    if len(links) != 1:
        yield len(page.lines) or 1, 1, f"a page of kind '{_MOVED}' must hold one link to another page, not {len(links)}"
    elif links[0][1].kind == _MOVED:
        link, target = links[0]
        yield link.line, link.column, f"'{link.target}' must be the page's last address; {target.path} has moved too"


@rule("CC316", reads="center")
def path_pages(center: Center, nav: Nav) -> Iterator[Where]:
    """Each path of mkdocs.yml leads from page to page, and a page stands on one path at most.

    A reader who came in by a door of the start page is shown the step and the next page. A page that is not there
    breaks the path, and on two paths at once a page cannot say where the reader is. Name pages from the folder of
    pages, without their ending.

    Bad: ``{ page: tests/scn, name: The scan }``. Good: ``{ page: tests/scan, name: The scan }``.
    """
    taken = dict[str, str]()
    for way in nav.ways:
        where = (SITE, way.line, way.column)
        if not way.whole:
            yield (
                *where,
                "a path under 'extra.paths' must have a 'name' and two 'steps' or more, each of 'page' and 'name'",
            )
        for name in way.pages:
            if PurePosixPath(f"{name}.md") not in center.by_name:
                yield *where, f"the path '{way.name}' must lead to pages there are, not to '{name}'"
            elif taken.setdefault(name, way.name) != way.name or way.pages.count(name) > 1:
                yield *where, f"'{name}' must stand once on one path, and stands on '{taken[name]}' too"


@rule("CC315", reads="center")
def footnotes_off(center: Center, nav: Nav) -> Iterator[Where]:
    """Footnotes are written only where mkdocs.yml turns them on.

    Elsewhere the reader sees the raw mark. Put the words into the text, and a source into a citation.

    Bad: ``[^1]`` without ``footnotes`` under ``markdown_extensions``. Good: ``[@key]``.
    """
    if "footnotes" in nav.extensions:
        return
    for page in center.pages:
        for run in page.prose.runs:
            match = _FOOTNOTE.search(run.raw)
            if match:
                what = "footnotes are not turned on in mkdocs.yml: write the words here, or cite a source by [@key]"
                yield page.path, *run.place(match.start()), what
                break
