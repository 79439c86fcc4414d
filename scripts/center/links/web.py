"""A built site as a web of links: what each page, sheet, picture and index in it leads to, and what is not there.

Pages are read in several processes, and only what is still open comes back from them: the ids of a page, what it asks
of others, and its faults. What is needed for few pages (the place of a fault on another page, the links that leave the
site) is read a second time.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from turbohtml import Element, Namespace

from center.data import Places
from center.finding import DataError
from center.links import css, fragment, html, manifest, url, xml
from center.links.html import Address, ById
from center.links.near import Near
from center.links.serve import UNKNOWN, Host, Served
from center.parallel import spread

#: Files that a browser shows as pages.
PAGES = (".html", ".htm")
_XML_PAGES = (".xhtml", ".xht")
_SVG = ".svg"
_WITH_IDS = (*PAGES, *_XML_PAGES, _SVG)
#: Elements whose address, if empty, is a fault: nothing is shown or run.
_NEED = {"img", "script", "video", "audio", "source", "track", "input"}
#: Where sites keep a list of their pages, and what their search reads.
_SITEMAPS = ("sitemap.xml",)
_SEARCHES = ("search/search_index.json", "search/search_index.js")
_IN_ROBOTS = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
#: Schemes that lead to no file whatever stands behind them.
_ELSEWHERE = {"mailto", "tel", "sms", "data", "blob", "javascript", "about"}

#: What a link is resolved to that leads out of a site of which nobody knows where it lives.
OUT = ".."

#: For so many faults the nearest is looked for: nobody mends more at once.
_NEAR = 1000
#: So often a reader may be sent on.
_MOVES = 5

Sort = Literal["file", "fragment", "address", "machine", "id", "unreadable"]


class Fault(NamedTuple):
    """A link that leads nowhere: its sort and place, as written, and what it was resolved to.

    ``tag`` and ``attribute`` say where it is written; ``near`` is the nearest that does exist, as this page would
    write it.
    """

    path: str
    line: int
    column: int
    sort: Sort
    tag: str
    attribute: str
    written: str
    meant: str
    near: str = ""


class Outside(NamedTuple):
    """An address beyond the site, serialized with its fragment, where it stands, and as written there."""

    address: str
    path: str
    line: int
    column: int
    written: str


class Load(NamedTuple):
    """What a page fetches from another host by itself."""

    tag: str
    written: str
    line: int
    column: int


class Document(Protocol):
    """What addresses are read from: a page, a sheet, a picture, a list of pages, an index."""

    @property
    def address(self) -> str: ...
    @property
    def base(self) -> str: ...
    def addresses(self) -> Iterator[Address]: ...
    def place(self, element: Any, attribute: str = "", at: int = -1) -> tuple[int, int]: ...


@dataclass(slots=True)
class Facts:
    """What is known of one file: no more than is needed once it has been read."""

    file: str
    ids: frozenset[str] | None = None
    scriptless: frozenset[str] = frozenset()
    asks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    takes: frozenset[tuple[str, str]] = frozenset()
    outside: bool = False
    #: The file that a page sends its readers on to, with the fragment that they came with; "" if it does not.
    moves: str = ""
    problem: tuple[int, int, str] | None = None
    #: Whether nothing could be read at all.
    lost: bool = False
    extra: Any = None


def printable(text: str) -> str:
    """A text of which every letter can be written; what stands for a byte of a file's name may not be."""
    return text.encode("utf-8", "backslashreplace").decode()


Extra = Callable[[html.Document, str], Any]


@dataclass(frozen=True)
class _Work:
    """What every process needs to read a file."""

    folder: Path
    label: str
    host: Host
    more: Extra | None = None

    def path(self, file: str) -> str:
        return printable(f"{self.label}/{file}")


@dataclass
class _Text:
    """A sheet, or an index in JSON: addresses with where they stand in a text."""

    text: str
    address: str
    found: list[Address]
    base: str

    def addresses(self) -> Iterator[Address]:
        return iter(self.found)

    def place(self, element: Any, attribute: str = "", at: int = -1) -> tuple[int, int]:
        return self._at(self._places.get((element.name, element.written), 0) if at < 0 else at)

    @cached_property
    def _at(self) -> Places:
        return Places(self.text)

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return manifest.places(self.text, {(a.element.name, a.element.written) for a in self.found})


@dataclass(frozen=True)
class _Member:
    """A member of JSON, in the place of an element."""

    tag: str
    written: str

    @property
    def name(self) -> str:
        return self.tag.rpartition(".")[2]


@dataclass
class _Xml:
    """SVG, XHTML, a sitemap or a feed."""

    tree: xml.Tree
    address: str
    kind: str

    @cached_property
    def base(self) -> str:
        for node in self.tree.nodes:
            if node.tag == "base" and node.namespace is Namespace.HTML and node.attr("href") is not None:
                return url.resolve(node.attr("href") or "", self.address) or self.address
        return self.address

    @cached_property
    def ids(self) -> dict[str, xml.Node]:
        found: dict[str, xml.Node] = {}
        for node in self.tree.nodes:
            for name in (node.attr("id"), node.attr("xml:id"), node.attr("name") if node.tag == "a" else None):
                if name:
                    found.setdefault(name, node)
        return found

    def addresses(self) -> Iterator[Address]:
        for written, at in self.tree.sheets:
            yield Address(None, "", written, "load", at, kind="stylesheet")
        if self.kind:
            for node, name, written in xml.addresses(self.tree):
                more = node.tag == "loc" and node.parent is not None and node.parent.tag == "sitemap"
                yield Address(node, name, written, "machine", kind="sitemap" if more else "")
        else:
            for node in self.tree.nodes:
                yield from html.of_element(node)

    def place(self, element: Any, attribute: str = "", at: int = -1) -> tuple[int, int]:
        if element is None:
            return self.tree.place(at)
        return self.tree.place(element.start, attribute.removeprefix("xlink:"))


#: The line, the column and what must be, of a file that cannot be read.
_Problem = tuple[int, int, str]


def _open(work: _Work, file: str, kind: str, *, placed: bool = True) -> tuple[Document | None, _Problem | None]:
    """A file as a document, or the problem that it cannot be read."""
    with open(f"{work.folder}/{file}", "rb") as opened:  # noqa: PTH123  (a Path takes longer than the reading)
        data = opened.read()
    address = work.host.address(file)
    text, encoding, clean = html.decode(data)
    problem = None if clean else (*_unclean(data), "save this file as UTF-8 text; this byte is not UTF-8")
    if kind == "page":
        return html.read(text, address, encoding, placed=placed), problem
    if kind == "stylesheet":
        found = [Address(None, "", a.written, "load", a.at, kind="stylesheet" if a.imports else "")
                 for a in css.addresses(text) if not a.written.startswith("#")]  # fmt: skip
        return _Text(text, address, found, address), problem
    if kind in ("manifest", "search") or file.endswith(".json"):
        try:
            loaded = manifest.load(text)
        except (ValueError, RecursionError) as error:
            return None, (getattr(error, "lineno", 1), getattr(error, "colno", 1), f"this must be valid JSON: {error}")
        if kind == "search":
            above = file.rpartition("/")[0].rpartition("/")[0]
            given, base = manifest.of_search(loaded), work.host.address(f"{above}/index.html".lstrip("/"))
        else:
            given, base = (manifest.of_feed if kind == "feed" else manifest.of_manifest)(loaded), address
        found = []
        for name, written in given:
            in_app: html.Use = "follow" if "url" in name else "load"
            use: html.Use = in_app if kind == "manifest" else "machine"
            found.append(Address(_Member(name, written), "", written, use))
        return _Text(text, address, found, base), problem
    try:
        return _Xml(xml.parse(text), address, kind if kind in ("feed", "sitemap") else ""), problem
    except xml.UnreadableError as error:
        return None, (error.line, error.column, error.message)


def _unclean(data: bytes) -> tuple[int, int]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        return len(re.findall(rb"\r\n?|\n", before)) + 1, 1
    return 1, 1


class _Lead(NamedTuple):
    """Where an address leads: what is wrong with it ("" for nothing), the whole address, and the file."""

    sort: Sort | Literal[""]
    address: str
    served: Served


_NOWHERE = Served("other")


def _lead(found: Address, document: Document, host: Host) -> _Lead:
    written = found.written
    if not written.strip(url.BLANK):
        tag = found.element.tag if found.use == "load" and found.element is not None else ""
        needs = tag in _NEED and found.attribute == "src"
        if needs or found.use == "load":
            return _Lead("address" if needs else "", "", _NOWHERE)
    address = url.resolve(written, document.address if found.local else document.base)
    if address is None:
        return _Lead("address", "", _NOWHERE)
    served = host.serve(address, written)
    if served.state == "file" or served.state == "outside":
        return _Lead("", address, served)
    sort: Sort = "machine" if found.use == "machine" else "file"
    if served.state == "other":
        scheme = url.scheme(written)
        if scheme and scheme not in _ELSEWHERE and "/" not in address[len(scheme) + 1 : len(scheme) + 3]:
            # Without "./" a browser takes the colon in the name of a file for a scheme.
            meant = url.resolve(f"./{url.plain(written)}", document.base)
            if meant and host.serve(meant, "./").state == "file":
                return _Lead(sort, address, served)
        return _Lead("", address, served)
    return _Lead(sort, address, served)


def _exact(found: Address) -> bool:
    """Whether only an element will do: a drawing has no top."""
    return found.use == "paint" or (found.element is not None and found.element.tag == "use")


def _is_copy(found: Address, part: Document) -> bool:
    """Whether the parser made a link once more out of one that an end tag in a wrong place cut in two."""
    if not isinstance(part, html.Document) or not isinstance(found.element, Element):
        return False
    return part.placed and found.element.tag == "a" and found.element.source_location is None


def _hands_on(part: Document) -> bool:
    """Whether a page that leads elsewhere has a script that does so too, and so can keep the fragment."""
    return isinstance(part, html.Document) and any("location" in script.text for script in part.tree.select("script"))


def _all(document: Document) -> Iterator[Document]:
    yield document
    if isinstance(document, html.Document):
        for inner in document.inner():
            yield from _all(inner)


def _fragment(found: Address, served: Served) -> str:
    """The fragment that must be an element of the file; "" if that is not asked for."""
    if not served.fragment or not served.file.endswith(_WITH_IDS):
        return ""
    if found.element is not None and found.element.tag in ("a", "area") and found.element.attr("download") is not None:
        return ""
    return fragment.wanted(served.fragment)


def _is_scriptless(document: Document, found: Address) -> bool:
    """Whether a link stands in ``noscript``, whose readers see what else stands there."""
    return isinstance(document, html.Document) and document.is_scriptless(found.element)


def read_file(item: tuple[str, str], work: _Work) -> Facts:
    """Facts of one file: its name and its kind."""
    file, kind = item
    try:
        try:
            return _read_file(file, work, *_open(work, file, kind, placed=False))
        except html.NoPlaceError:
            return _read_file(file, work, *_open(work, file, kind))
    except OSError as error:
        return Facts(file, problem=(1, 1, f"this file must be readable: {error.strerror}"), lost=True)


def _read_file(file: str, work: _Work, document: Document | None, problem: _Problem | None) -> Facts:
    made = Facts(file, problem=problem)
    if document is None:
        return made
    if isinstance(document, html.Document):
        made.ids = None if made.problem else document.ids
        made.scriptless = document.scriptless
    elif isinstance(document, _Xml):
        made.ids = frozenset(document.ids)
    asks: defaultdict[str, set[str]] = defaultdict(set)
    takes: set[tuple[str, str]] = set()
    path = work.path(file)
    host = work.host
    for part in _all(document):
        aboves = host.aboves(file) if part.base == part.address == document.address else ()
        for found in part.addresses():
            quick = host.quick(found.written, file, aboves) if aboves else None
            sort, address, served = _lead(found, part, host) if quick is None else _Lead("", "", quick)
            if sort and _is_copy(found, part):
                continue
            if found.use == "hint":  # a host to be asked, not a file
                if served.state == "outside":
                    made.loads.append(_load(found, part))
            elif sort:
                made.faults.append(_fault(path, part, found, sort, address, served))
            elif served.state == "outside":
                made.outside = True
                if found.use in ("load", "paint"):
                    made.loads.append(_load(found, part))
            elif served.state == "file":
                if found.kind or (served.file.endswith(_SVG) and found.use in ("load", "paint", "follow")):
                    takes.add((served.file, found.kind or "svg"))
                if found.attribute == "content" and found.use == "follow" and _hands_on(part):
                    made.moves = served.file
                wanted = _fragment(found, served)
                if wanted and not _leads_here(found, part, made, served, wanted, document):
                    if served.file == file:
                        if not _is_copy(found, part):
                            made.faults.append(_fault(path, part, found, "fragment", address, served))
                    else:
                        key = served.file + (" " if _is_scriptless(part, found) else "")
                        asks[key].add(wanted)
        if isinstance(part, html.Document):
            made.faults.extend(_by_id(path, part))
    made.asks = {sys.intern(name): tuple(sorted(wanted)) for name, wanted in asks.items()}
    made.takes = frozenset(takes)
    if work.more and isinstance(document, html.Document):
        made.extra = work.more(document, path)
    return made


def _leads_here(found: Address, part: Document, own: Facts, served: Served, wanted: str, document: Document) -> bool:
    """Whether a fragment of the same file is there."""
    if served.file != own.file:
        return False
    ids: Any = own.ids if part is document or not found.local else part.ids  # type: ignore[attr-defined]
    if ids is None:
        return True
    if _exact(found):
        return wanted in ids or fragment.decoded(wanted) in ids
    leads = fragment.leads_in_svg if own.file.endswith(_SVG) else fragment.leads
    if own.scriptless and not _is_scriptless(part, found):
        ids = ids - own.scriptless
    return leads(wanted, ids)


def _fault(path: str, part: Document, found: Address, sort: Sort, address: str, served: Served) -> Fault:
    line, column = part.place(found.element, found.attribute, found.at)
    tag = found.element.tag if found.element is not None else ""
    if sort == "fragment":
        meant = f"{served.file}#{fragment.wanted(served.fragment)}"
    elif served.state == "missing":
        meant = served.path
    else:
        meant = address if not address.startswith(UNKNOWN) else OUT
    return Fault(path, line, column, sort, tag, found.attribute, printable(found.written), printable(meant))


def _load(found: Address, part: Document) -> Load:
    tag = found.element.tag if found.element is not None else "style"
    return Load(tag, found.written, *part.place(found.element, found.attribute, found.at))


def _by_id(path: str, part: html.Document) -> Iterator[Fault]:
    for named in part.by_id():
        known: Any = part.maps if named.attribute == "usemap" else part.ids
        if named.id not in known:
            yield _named(path, part, named)


def _named(path: str, part: html.Document, named: ById) -> Fault:
    line, column = part.place(named.element, named.attribute)
    return Fault(path, line, column, "id", named.element.tag, named.attribute, named.id, named.id)


class Detail(NamedTuple):
    """What a second reading of a file finds."""

    faults: list[Fault]
    outside: list[Outside]


def read_again(item: tuple[str, str, frozenset[tuple[str, str]], bool], work: _Work) -> Detail:
    """The places of a file's links to some fragments of others, and, if asked, of those that leave the site."""
    file, kind, bad, wants_outside = item
    faults, outside = [], []
    document, _ = _open(work, file, kind)
    path = work.path(file)
    for part in _all(document) if document else ():
        for found in part.addresses():
            if found.use == "hint":
                continue
            sort, address, served = _lead(found, part, work.host)
            if sort or _is_copy(found, part):
                continue
            if served.state == "outside" and wants_outside:
                outside.append(
                    Outside(address, path, *part.place(found.element, found.attribute, found.at), found.written)
                )
            elif served.state == "file" and bad and (wanted := _fragment(found, served)):
                quiet = " " if _is_scriptless(part, found) else ""
                if (served.file + quiet, wanted) in bad:
                    faults.append(_fault(path, part, found, "fragment", address, served))
    return Detail(faults, outside)


@dataclass
class Web:
    """Every file of a site that links are read from, with what each leads to."""

    work: _Work
    facts: dict[str, Facts]
    kinds: dict[str, str]

    @property
    def pages(self) -> dict[str, Facts]:
        """The pages alone."""
        return {file: facts for file, facts in self.facts.items() if self.kinds[file] == "page"}

    @cached_property
    def faults(self) -> list[Fault]:
        """Every link that leads nowhere, in the order of places."""
        found = {fault for facts in self.facts.values() for fault in facts.faults}
        again = []
        for file, facts in self.facts.items():
            bad = frozenset(
                (to, one) for to, wanted in facts.asks.items() for one in wanted if not self._leads(to, one)
            )
            if bad:
                again.append((file, self.kinds[file], bad, False))
        for detail in spread(partial(read_again, work=self.work), again):
            found.update(detail.faults)
        ordered = sorted(found)
        return [fault._replace(near=self._near(fault)) for fault in ordered[:_NEAR]] + ordered[_NEAR:]

    def _leads(self, to: str, wanted: str) -> bool:
        file = to.rstrip(" ")
        there = self.facts.get(file)
        for _ in range(_MOVES):
            if there is None or not there.moves:
                break
            to = there.moves
            there = self.facts.get(to)
        if there is None or there.ids is None:
            return True
        ids = there.ids - there.scriptless if there.scriptless and to == there.file else there.ids
        return (fragment.leads_in_svg if there.file.endswith(_SVG) else fragment.leads)(wanted, ids)

    @property
    def unread(self) -> list[Fault]:
        """What pages are read with and that cannot be read itself."""
        return sorted(
            Fault(self.work.path(file), *facts.problem[:2], "unreadable", "", "", "", facts.problem[2])
            for file, facts in self.facts.items()
            # A page that cannot be read is a finding of its own where more than its links is looked at.
            if facts.problem and (self.kinds[file] != "page" or (facts.lost and not self.work.more))
        )

    @cached_property
    def _names(self) -> Near:
        return Near(self.work.host.files)

    @cached_property
    def _ids(self) -> dict[str, Near]:
        return {}

    def _near(self, fault: Fault) -> str:
        here = fault.path[len(self.work.label) + 1 :]
        if fault.sort == "address" or fault.attribute == "usemap":
            return ""
        if fault.sort in ("id", "fragment"):
            file, _, name = fault.meant.partition("#") if fault.sort == "fragment" else (here, "", fault.meant)
            there = self.facts.get(file)
            if there is None or not there.ids:
                return ""
            names = self._ids.setdefault(file, Near(there.ids))
            close = names.find(fragment.decoded(name))
            return "" if close is None else f"#{close}" if fault.sort == "fragment" else close
        out = fault.meant == OUT or url.scheme(fault.meant)
        nearest = self._names.find(fault.written if out else fault.meant)
        return "" if nearest is None else printable(shown(nearest, here, "/" if fault.meant.endswith("/") else ""))


def shown(file: str, page: str, ending: str = "") -> str:
    """A file as a link on a page would name it; with an ``ending`` of "/", a folder's page by its folder."""
    if ending and file.endswith("/index.html"):
        file = file.removesuffix("index.html")
    here, there = page.split("/")[:-1], file.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "/".join((*[".."] * (len(here) - common), *there[common:]))


def outside(web: Web) -> list[Outside]:
    """Every address that leads out of the site, with each place where it stands, sorted."""
    again = [(file, web.kinds[file], frozenset[tuple[str, str]](), True) for file, f in web.facts.items() if f.outside]
    details = spread(partial(read_again, work=web.work), again)
    return sorted({one for detail in details for one in detail.outside})


def _kind(file: str) -> str:
    lower = file.lower()
    return "page" if lower.endswith(PAGES) else "xhtml" if lower.endswith(_XML_PAGES) else ""


def home_address(folder: Path) -> str:
    """The address that the home page gives as its own, to its folder; "" if it gives none."""
    try:
        text = html.decode((folder / "index.html").read_bytes()).text
    except OSError:
        return ""
    head = html.read(text[: 1 << 20], "about:blank")
    for element in head.tree.select("link[rel~='canonical' i][href]"):
        found = url.normal(element.attr("href") or "")
        if found and url.parts(found).scheme in ("http", "https"):
            return found
    return ""


def read(folder: Path, label: str, address: str = "", extra: Extra | None = None) -> Web:
    """The links of a built site below ``address`` (else what its home page says).

    ``extra`` is a function of a module that makes more facts of each page while its tree is there. Raises DataError if
    the folder is no site.
    """
    if not folder.is_dir():
        raise DataError(label, 1, "this must be the folder of a built site; there is none")
    names = _files(folder, label)
    pages = [(name, kind) for name in names if (kind := _kind(name))]
    if not pages:
        raise DataError(label, 1, "this must be the folder of a built site; it holds no HTML")
    work = _Work(folder, label, Host(names, address or home_address(folder)), extra)
    web = Web(work, {}, {})
    _take_in(web, pages)
    wanted = set(_starts(work))
    wanted.update(taken for facts in web.facts.values() for taken in facts.takes)
    while more := sorted({file: kind for file, kind in sorted(wanted) if file not in web.facts}.items()):
        _take_in(web, more)
        wanted = {taken for file, _ in more for taken in web.facts[file].takes}
    return web


def _files(folder: Path, label: str) -> list[str]:
    """Every file below a folder by its name from there. What only links to a folder is one, once."""
    found: list[str] = []
    left, seen = [""], {os.path.realpath(folder)}
    while left:
        where = left.pop()
        try:
            with os.scandir(f"{folder}/{where}") as entries:
                for entry in entries:
                    name = f"{where}{entry.name}"
                    sort = _sort(entry)
                    if sort == "file":
                        found.append(name)
                    elif sort == "folder" and not entry.is_symlink():
                        left.append(f"{name}/")
                    elif sort == "folder" and (real := os.path.realpath(entry.path)) not in seen:
                        seen.add(real)
                        left.append(f"{name}/")
        except OSError as error:
            path = f"{label}/{where}".rstrip("/")
            raise DataError(path, 1, f"this folder must be readable: {error.strerror}") from error
    return sorted(found)


def _sort(entry: os.DirEntry[str]) -> Literal["file", "folder", ""]:
    """What an entry of a folder is; a page that cannot be reached is one, and reading it will tell."""
    try:
        return "file" if entry.is_file() else "folder" if entry.is_dir() else "file" if _lost(entry) else ""
    except OSError:
        return "file" if _kind(entry.name) else ""


def _lost(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and bool(_kind(entry.name))


def _take_in(web: Web, items: Sequence[tuple[str, str]]) -> None:
    for (file, kind), facts in zip(items, spread(partial(read_file, work=web.work), items), strict=True):
        web.facts[file] = facts
        web.kinds[file] = kind


def _starts(work: _Work) -> Iterable[tuple[str, str]]:
    """What machines ask for by itself: sitemaps and search indexes."""
    for file in _SITEMAPS:
        if file in work.host.files:
            yield file, "sitemap"
    for file in _SEARCHES:
        if file in work.host.files:
            yield file, "search"
    if "robots.txt" in work.host.files:
        text = html.decode((work.folder / "robots.txt").read_bytes()).text
        for match in _IN_ROBOTS.finditer(text):
            address = url.normal(match[1])
            served = work.host.serve(address, match[1]) if address else _NOWHERE
            if served.state == "file":
                yield served.file, "sitemap"
