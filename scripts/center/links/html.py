"""Every address in a built page, read from the tree that the HTML Standard builds of it.

The tree is a library's that follows the standard. Its ``template`` contents are no part of the page and are taken out;
what stands in ``noscript`` is read as whoever has scripts off gets it.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any, Literal, NamedTuple

from turbohtml import Document as Tree
from turbohtml import Element, Namespace, parse

from center.links import css, url

#: What a browser does with an address: it *loads* it by itself, a reader *follows* it, it is in a sheet that the page
#: *takes in* or draws with (``paint``), a *machine* reads it, or it only says which host will be asked (``hint``).
Use = Literal["load", "follow", "send", "cite", "paint", "machine", "hint"]

#: Attributes that hold one address, by the element.
_PLAIN: Mapping[str, tuple[tuple[str, Use], ...]] = {
    "a": (("href", "follow"),),
    "area": (("href", "follow"),),
    "audio": (("src", "load"),),
    "blockquote": (("cite", "cite"),),
    "body": (("background", "load"),),
    "button": (("formaction", "send"),),
    "del": (("cite", "cite"),),
    "embed": (("src", "load"),),
    "form": (("action", "send"),),
    "frame": (("src", "load"), ("longdesc", "follow")),
    "iframe": (("src", "load"), ("longdesc", "follow")),
    "img": (("src", "load"), ("longdesc", "follow")),
    "input": (("src", "load"), ("formaction", "send")),
    "ins": (("cite", "cite"),),
    "object": (("data", "load"),),
    "q": (("cite", "cite"),),
    "script": (("src", "load"),),
    "source": (("src", "load"),),
    "table": (("background", "load"),),
    "tbody": (("background", "load"),),
    "td": (("background", "load"),),
    "tfoot": (("background", "load"),),
    "th": (("background", "load"),),
    "thead": (("background", "load"),),
    "tr": (("background", "load"),),
    "track": (("src", "load"),),
    "video": (("src", "load"), ("poster", "load")),
}
#: Elements of SVG with an address, all in ``href`` or ``xlink:href``.
_SVG: Mapping[str, Use] = {
    "a": "follow",
    "image": "load",
    "feImage": "load",
    "script": "load",
    "use": "load",
    **dict.fromkeys(
        (
            "animate",
            "animateMotion",
            "animateTransform",
            "discard",
            "filter",
            "linearGradient",
            "mpath",
            "pattern",
            "radialGradient",
            "set",
            "textPath",
        ),
        "paint",
    ),
}
#: What a ``link`` is for, by its ``rel``. One that is not named here does nothing in a browser.
_RELS: Mapping[str, Use] = {
    **dict.fromkeys(
        (
            "apple-touch-icon",
            "apple-touch-icon-precomposed",
            "apple-touch-startup-image",
            "icon",
            "manifest",
            "mask-icon",
            "modulepreload",
            "prefetch",
            "preload",
            "prerender",
            "stylesheet",
        ),
        "load",
    ),
    **dict.fromkeys(
        (
            "author",
            "bookmark",
            "chapter",
            "contents",
            "copyright",
            "expect",
            "first",
            "glossary",
            "help",
            "home",
            "index",
            "last",
            "license",
            "me",
            "next",
            "prev",
            "previous",
            "privacy-policy",
            "start",
            "tag",
            "terms-of-service",
            "toc",
            "top",
            "up",
        ),
        "follow",
    ),
    **dict.fromkeys(
        ("alternate", "amphtml", "canonical", "compression-dictionary", "search", "shortlink", "sitemap"), "machine"
    ),
    **dict.fromkeys(("dns-prefetch", "preconnect"), "hint"),
}
#: Feeds, by the type that a link gives.
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
#: Names of ``meta`` whose content is an address.
_META = re.compile(r"(?:og|twitter):(?:url|(?:image|video|audio|player)(?::(?:url|secure_url|src))?)", re.I)
_SCRIPTS = re.compile(
    r"\s*|module|(?:text|application)/(?:x-)?(?:java|ecma)script|text/(?:javascript1\.[0-5]|jscript|livescript)", re.I
)
#: Attributes of SVG that may draw with what another element is.
_PAINTS = ("clip-path", "cursor", "fill", "filter", "marker-end", "marker-mid", "marker-start", "mask", "stroke")
_SELECT_PAINTS = ",".join(f"[{name}*='url(' i]" for name in _PAINTS)
#: Attributes that name elements of the same page by id, with where that is so (everywhere if nothing is named).
#: Labels and ``aria-*`` are left to those who look after accessibility: scripts make much of what they name.
_BY_ID: Mapping[str, frozenset[str]] = {
    "headers": frozenset({"td", "th"}),
    "list": frozenset({"input"}),
    "form": frozenset({"button", "fieldset", "input", "object", "output", "select", "textarea"}),
    "popovertarget": frozenset({"button", "input"}),
    "commandfor": frozenset({"button"}),
    "itemref": frozenset(),
}
_LISTS = {"headers", "itemref"}
_ATTRIBUTES = sorted({name for names in _PLAIN.values() for name, _ in names} | {"srcset", "imagesrcset", "ping"})
_SELECT = ",".join([*(f"[{name}]" for name in _ATTRIBUTES), r"[xlink\:href]", "meta[content]", "style"])
_SELECT_ALL = f"{_SELECT},[style*='('],{_SELECT_PAINTS}"
_SELECT_IDS = ",".join([*(f"[{name}]" for name in _BY_ID), "[usemap]"])

_SPACE = " \t\n\f\r"
_REFRESH = re.compile(
    rf"[{_SPACE}]*(?:\d+|(?=\.))[\d.]*(?=[{_SPACE};,])[{_SPACE}]*[;,]?[{_SPACE}]*"
    rf"(?:url[{_SPACE}]*=[{_SPACE}]*)?(?:\"(?P<two>[^\"]*)|'(?P<one>[^']*)|(?P<none>.+))",
    re.I | re.S,
)
_CANDIDATE = re.compile(rf"[{_SPACE},]*([^{_SPACE}]+)")
_DESCRIPTOR = re.compile(r"\d+[wh]|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?x", re.I)
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")
_UTF8 = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*utf-?8", re.I)
#: Python's names of encodings that the web means by other ones.
_CODECS = {
    "Shift_JIS": "cp932",
    "EUC-KR": "cp949",
    "Big5": "big5hkscs",
    "GBK": "gb18030",
    "ISO-8859-8-I": "iso8859-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-user-defined": "latin-1",
    "replacement": "latin-1",
    "windows-874": "cp874",
    "macintosh": "mac-roman",
}


class Address(NamedTuple):
    """An address: the element it stands in (None in a sheet), as written, and its use.

    ``at`` counts from where its attribute's value begins, -1 if the value is the address. ``local`` is one within the
    page itself, whatever its base; ``kind`` is what a file that it leads to must be read as.
    """

    element: Any
    attribute: str
    written: str
    use: Use
    at: int = -1
    local: bool = False
    kind: str = ""


class ById(NamedTuple):
    """An id of the page that an attribute names."""

    element: Element
    attribute: str
    id: str


class Decoded(NamedTuple):
    """A file's text as a browser reads it, "\\n" for every line end; ``clean`` if every byte could be read."""

    text: str
    encoding: str
    clean: bool


def decode(data: bytes) -> Decoded:
    """A file's text, by its byte order mark, else by what its head says, else UTF-8."""
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data[3:], "utf-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    if _UTF8.search(data, 0, 1024):
        return _decoded(data, "utf-8")
    head = parse(data[:1024])
    if head.encoding and head.encoding_confidence == "certain":
        return _decoded(data, _CODECS.get(head.encoding, head.encoding.lower()))
    found = _decoded(data, "utf-8")
    return found if found.clean else _decoded(data, "cp1252")._replace(clean=False)


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        text, clean = data.decode(encoding), True
    except UnicodeDecodeError:
        text, clean = data.decode(encoding, "replace"), False
    except LookupError:
        text, clean = data.decode("latin-1"), True
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, encoding, clean)


def srcset(value: str) -> Iterator[tuple[str, int]]:
    """The addresses of a ``srcset`` that a browser may load, each with where it begins, as the standard reads them."""
    at = 0
    while found := _CANDIDATE.match(value, at):
        written, start, at = found[1], found.start(1), found.end()
        if written.endswith(","):
            written = written.rstrip(",")
            if written:
                yield written, start
            continue
        depth, begin = 0, at
        while at < len(value) and (depth or value[at] != ","):
            depth += {"(": 1, ")": -1}.get(value[at], 0) if value[at] != ")" or depth else 0
            at += 1
        given = value[begin:at].split()
        if len(given) <= 2 and all(_DESCRIPTOR.fullmatch(one) for one in given):
            yield written, start


def refresh(content: str) -> tuple[str, int] | None:
    """The address in the content of a ``meta`` that refreshes, and where it begins; None if it names none."""
    found = _REFRESH.match(content)
    if not found or not found.lastgroup:
        return None
    return found[found.lastgroup], found.start(found.lastgroup)


class NoPlaceError(Exception):
    """A page was read without its places, which takes half the time, and now one is needed."""


@dataclass
class Document:
    """A page's tree, with the address under which a reader has it; ``outer`` places the ``srcdoc`` it is in.

    Without ``placed`` nobody knows what stands where.
    """

    text: str
    address: str
    tree: Tree
    placed: bool
    encoding: str = "utf-8"
    outer: Callable[[], tuple[int, int]] | None = None

    @cached_property
    def base(self) -> str:
        """What relative addresses are resolved against: the first ``base`` with an address, or the page."""
        for element in self.tree.select("base[href]"):
            if element.namespace is not Namespace.HTML:
                continue
            found = url.resolve(element.attr("href") or "", self.address)
            if found is None or url.parts(found).scheme in ("data", "javascript"):
                break
            return found
        return self.address

    @cached_property
    def ids(self) -> frozenset[str]:
        """What a fragment can lead to: ids, and names of ``a``."""
        return _ids(self.tree)

    @cached_property
    def _with_scripts(self) -> Tree | None:
        """The tree that readers with scripts get, if it is another: to them, ``noscript`` holds nothing."""
        return parse(self.text, source_locations=True, scripting=True) if _has_noscript(self.tree) else None

    @cached_property
    def scriptless(self) -> frozenset[str]:
        """What only the fragments of readers without scripts can lead to."""
        scripted = self._with_scripts
        return self.ids - _ids(scripted) if scripted else frozenset()

    @cached_property
    def _quiet(self) -> list[tuple[int, int]]:
        """Where the text is that only readers without scripts see."""
        found = self._with_scripts.select("noscript") if self._with_scripts else []
        places = [element.source_location for element in found]
        return [(at.start_tag.end_offset, (at.end_tag or at.start_tag).end_offset) for at in places if at]

    def is_scriptless(self, element: Element) -> bool:
        """Whether only readers without scripts see an element."""
        if not self._quiet:
            return False
        location = element.source_location
        at = location.start_tag.start_offset if location else -1
        return any(first <= at < last for first, last in self._quiet)

    def doubled(self) -> Iterator[tuple[str, Element]]:
        """Ids that stand twice, with each element after the first."""
        elements = self.tree.select("[id]")
        seen: set[str | None] = {"", None}
        for element in elements:
            name = element.attr("id")
            if name and name in seen:
                yield name, element
            seen.add(name)

    def addresses(self) -> Iterator[Address]:
        """Every address in the page."""
        text = self.text
        draws = "url(" in text or "URL(" in text or "-set(" in text or "\\" in text
        for element in self.tree.select(_SELECT_ALL if draws else _SELECT):
            attr = element.attr
            if element.tag == "a" and element.namespace is Namespace.HTML and not (attr("style") or attr("ping")):
                written = attr("href")  # most of what there is, so by the shortest way
                if written is not None:
                    yield Address(element, "href", written, "follow")
            else:
                yield from of_element(element)
        if "shadowroot" in self.text:
            for element in self.tree.select("*"):
                root = element.shadow_root
                if root is not None:
                    for inner in root.select(_SELECT_ALL):
                        yield from of_element(inner)

    def by_id(self) -> Iterator[ById]:
        """Every id that an attribute of the page names."""
        for element in self.tree.select(_SELECT_IDS):
            if element.namespace is not Namespace.HTML:
                continue
            for name, elements in _BY_ID.items():
                value = element.attr(name)
                if value is not None and (not elements or element.tag in elements):
                    for one in value.split() if name in _LISTS else [value]:
                        yield ById(element, name, one)
            value = element.attr("usemap")
            if value is not None and element.tag in ("img", "object"):
                yield ById(element, "usemap", value.partition("#")[2])

    @cached_property
    def maps(self) -> frozenset[str]:
        """The names of image maps."""
        return frozenset(e.attr("name") or "" for e in self.tree.select("map[name]"))

    def inner(self) -> Iterator[Document]:
        """Pages written into this one, in ``srcdoc``. Their base is this page's."""
        for element in self.tree.select("iframe[srcdoc]"):
            written = element.attr("srcdoc") or ""
            made = read(written.replace("\r\n", "\n").replace("\r", "\n"), self.base, placed=self.placed)

            def outer(element: Element = element) -> tuple[int, int]:
                return self.place(element, "srcdoc")

            made.outer = outer
            yield made

    def place(self, element: Element, attribute: str = "", at: int = -1) -> tuple[int, int]:
        """Line and column of an attribute, of a place in its value, or of an element's tag or text."""
        if not self.placed:
            raise NoPlaceError
        if self.outer:
            return self.outer()
        location = element.source_location
        if location is None:  # made by the parser out of another element's tag
            above = element.parent
            return self.place(above) if isinstance(above, Element) else (1, 1)
        if not attribute:
            tag = location.start_tag
            return self.at(tag.end_offset + at) if at >= 0 else (tag.start_line, tag.start_col + 1)
        span = location.attrs.get(attribute)
        if span is None:
            return location.start_tag.start_line, location.start_tag.start_col + 1
        if at < 0:
            return span.start_line, span.start_col + 1
        raw = self.text[span.start_offset : span.end_offset]
        return self.at(span.start_offset + _raw_offset(raw, at))

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of a place in the text."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def _has_noscript(tree: Tree) -> bool:
    return tree.select_one("noscript") is not None


def _ids(tree: Tree) -> frozenset[str]:
    names = {element.attr("id") for element in tree.select("[id]")}
    names.update(e.attr("name") for e in tree.select("a[name]") if e.namespace is Namespace.HTML)
    return frozenset(name for name in names if name)


def _raw_offset(raw: str, at: int) -> int:
    """Where in an attribute as written a place of its value stands: character references are longer there."""
    found = re.match(rf"[^=]*=[{_SPACE}]*[\"']?", raw)
    start = end = found.end() if found else 0
    if "&" not in raw:
        return start + at
    read = 0
    while read < at and end < len(raw):
        reference = _REFERENCE.match(raw, end)
        meant = unescape(reference[0]) if reference else raw[end]
        read += len(meant)
        end = reference.end() if reference else end + 1
    return end


def read(text: str, address: str, encoding: str = "utf-8", *, placed: bool = True) -> Document:
    """The tree of a page's text, which must have "\\n" for every line end."""
    tree = parse(text, source_locations=True) if placed else parse(text, positions=False)
    if not placed and _has_noscript(tree):  # there the place tells who reads it
        placed, tree = True, parse(text, source_locations=True)
    for template in tree.select("template"):
        template.clear()
    return Document(text, address, tree, placed, encoding)


def _of_html(element: Element) -> Iterator[Address]:
    tag = element.tag
    if tag == "link":
        yield from _of_link(element)
        return
    for name, use in _PLAIN.get(tag, ()):
        written = element.attr(name)
        if written is not None and _works(element, tag, name):
            yield Address(element, name, written, use)
    if tag in ("img", "source"):
        value = element.attr("srcset")
        if value and (tag == "img" or _inside(element) == "picture"):
            for written, at in srcset(value):
                yield Address(element, "srcset", written, "load", at)
    elif tag in ("a", "area"):
        value = element.attr("ping")
        if value and element.attr("href") is not None:
            for match in re.finditer(rf"[^{_SPACE}]+", value):
                yield Address(element, "ping", match[0], "send", match.start())


def _inside(element: Element) -> str:
    above = element.parent
    return above.tag if isinstance(above, Element) else ""


def _works(element: Element, tag: str, name: str) -> bool:
    """Whether a browser does anything with an attribute there."""
    if tag in ("source", "track") and name == "src":
        return _inside(element) in ("audio", "video")
    if tag == "iframe" and name == "src":
        return element.attr("srcdoc") is None
    if tag == "script":
        return bool(_SCRIPTS.fullmatch(element.attr("type") or ""))
    if tag in ("input", "button"):
        type_ = (element.attr("type") or "").lower()
        if name == "src":
            return type_ == "image"
        return type_ in ("image", "submit") or (tag == "button" and type_ not in ("button", "reset"))
    if tag == "form":
        return (element.attr("method") or "").lower() != "dialog"
    return True


def _of_link(element: Element) -> Iterator[Address]:
    rels = (element.attr("rel") or "").lower().split()
    uses = {_RELS[rel] for rel in rels if rel in _RELS}
    if element.attr("itemprop") is not None:
        uses.add("machine")
    use: Use | None = next((use for use in ("load", "follow", "machine", "hint") if use in uses), None)
    written = element.attr("href")
    if use and written:
        type_ = (element.attr("type") or "").strip().lower()
        kind = next((rel for rel in ("stylesheet", "manifest", "sitemap", "canonical") if rel in rels), "")
        if "alternate" in rels and not kind:
            kind = "feed" if type_ in _FEEDS else ""
        yield Address(element, "href", written, use, kind=kind)
    images = element.attr("imagesrcset")
    if images and "preload" in rels and (element.attr("as") or "").lower() == "image":
        for written, at in srcset(images):
            yield Address(element, "imagesrcset", written, "load", at)


def _of_svg(element: Element) -> Iterator[Address]:
    use = _SVG.get(element.tag)
    if use is None:
        return
    for name in ("href", "xlink:href"):
        written = element.attr(name)
        if written is not None:
            yield Address(element, name, written, use)
            return


def _of_meta(element: Element) -> Iterator[Address]:
    content = element.attr("content") or ""
    if (element.attr("http-equiv") or "").lower() == "refresh":
        found = refresh(content)
        if found and found[0]:
            yield Address(element, "content", found[0], "follow", found[1])
    else:
        name = element.attr("property") or element.attr("name") or ""
        if content and _META.fullmatch(name.strip()):
            yield Address(element, "content", content, "machine")


def _of_css(element: Element, attribute: str, text: str) -> Iterator[Address]:
    for written, at, imports in css.addresses(text, sheet=not attribute):
        local = written.startswith("#")
        yield Address(
            element, attribute, written, "paint" if local else "load", at, local, kind="stylesheet" if imports else ""
        )


def of_element(element: Any) -> Iterator[Address]:
    """The addresses in one element, of HTML or of XML."""
    if element.namespace is Namespace.HTML:
        if element.tag == "meta":
            yield from _of_meta(element)
        else:
            yield from _of_html(element)
    elif element.namespace is Namespace.SVG:
        yield from _of_svg(element)
        for name in _PAINTS:
            value = element.attr(name)
            if value and "(" in value:
                yield from _of_css(element, name, value)
    else:
        return
    if element.tag == "style" and (element.attr("type") or "text/css").strip().lower() == "text/css":
        yield from _of_css(element, "", element.text)
    value = element.attr("style")
    if value and "(" in value:
        yield from _of_css(element, "style", value)
