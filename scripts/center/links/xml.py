"""SVG, XHTML, sitemaps and feeds: XML with its places, read without what could fill the memory or leave the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.parsers import expat

from turbohtml import Namespace

_NAMESPACES = {
    "http://www.w3.org/1999/xhtml": Namespace.HTML,
    "http://www.w3.org/2000/svg": Namespace.SVG,
    "http://www.w3.org/1998/Math/MathML": Namespace.MATHML,
}
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
#: The longest that an entity may be. Drawing programs write some for their namespaces.
_ENTITY = 1000
_PSEUDO = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class UnreadableError(ValueError):
    """XML that a browser refuses, or that only does harm; says the line and the column."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(eq=False)
class Node:
    """An element, with the same face as one of a page's tree. ``start`` is where its tag begins, in bytes."""

    tag: str
    namespace: Namespace | None
    uri: str
    attributes: Mapping[str, str]
    parent: Node | None
    start: int
    inside: int = 0
    texts: list[str] = field(default_factory=list)

    def attr(self, name: str) -> str | None:
        """The value of an attribute."""
        return self.attributes.get(name)

    @property
    def text(self) -> str:
        """The text that stands directly in it."""
        return "".join(self.texts)


@dataclass
class Tree:
    """Every element of a file in order, and what its ``xml-stylesheet`` instructions take in."""

    nodes: list[Node]
    sheets: list[tuple[str, int]]
    source: bytes

    @property
    def root(self) -> Node:
        """The outermost element."""
        return self.nodes[0]

    def place(self, start: int, within: str = "") -> tuple[int, int]:
        """Line and column of a byte, or of an attribute of the tag that begins there."""
        if within:
            found = re.compile(rb"\s((?:[\w.-]+:)?%s)\s*=" % re.escape(within.encode())).search(self.source, start)
            start = found.start(1) if found else start
        line = bisect_right(self._lines, start)
        return line, len(self.source[self._lines[line - 1] : start].decode("utf-8", "replace")) + 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(b"\n", self.source))]


def parse(text: str) -> Tree:
    """Read XML whose text is decoded already. Raises UnreadableError."""
    source = text.encode("utf-8", "replace")
    parser: Any = expat.ParserCreate("utf-8", "\t")
    nodes: list[Node] = []
    open_: list[Node] = []
    sheets: list[tuple[str, int]] = []

    def start(name: str, given: dict[str, str]) -> None:
        uri, _, tag = name.rpartition("\t")
        attributes = {_short(key): value for key, value in given.items()}
        node = Node(tag, _NAMESPACES.get(uri), uri, attributes, open_[-1] if open_ else None, parser.CurrentByteIndex)
        nodes.append(node)
        open_.append(node)

    def words(data: str) -> None:
        node = open_[-1]
        if not node.texts:
            node.inside = parser.CurrentByteIndex
        node.texts.append(data)

    def declared(_name: str, is_parameter: int, value: str | None, *_: object) -> None:
        if is_parameter or value is None or "&" in value or len(value) > _ENTITY:
            raise UnreadableError(
                "an entity here must be short and plain", parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
            )

    def instruction(target: str, data: str) -> None:
        if target == "xml-stylesheet" and not open_:
            given = {m[1]: m[2] or m[3] or "" for m in _PSEUDO.finditer(data)}
            if given.get("href"):
                sheets.append((given["href"], parser.CurrentByteIndex))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_.pop()
    parser.CharacterDataHandler = words
    parser.EntityDeclHandler = declared
    parser.ProcessingInstructionHandler = instruction
    parser.buffer_text = True
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise UnreadableError(
            f"this must be valid XML: {expat.ErrorString(error.code)}", error.lineno, error.offset + 1
        ) from error
    return Tree(nodes, sheets, source)


def _short(name: str) -> str:
    uri, _, local = name.rpartition("\t")
    prefix = {_XLINK: "xlink:", _XML: "xml:"}.get(uri, "" if not uri else f"{uri}:")
    return prefix + local


#: Elements of feeds and sitemaps that hold an address as their text, and those with attributes that do.
_TEXTS = frozenset(
    "loc link comments docs url icon logo uri image_loc thumbnail_loc content_loc player_loc".split()  # noqa: SIM905
)
_WITH = {"link": "href", "content": "src", "enclosure": "url", "source": "url", "thumbnail": "url"}


def addresses(tree: Tree) -> Iterator[tuple[Node, str, str]]:
    """The addresses in a sitemap or feed: the element, the attribute ("" for its text), and the address."""
    for node in tree.nodes:
        name = _WITH.get(node.tag)
        if name and node.attr(name):
            if node.tag != "link" or node.attr("rel") not in ("hub", "self") or node.attr("href"):
                yield node, name, node.attr(name) or ""
        elif (node.tag in _TEXTS and node.text.strip()) or (
            node.tag == "guid" and node.text.strip() and node.attr("isPermaLink") != "false"
        ):
            yield node, "", node.text.strip()
