"""Reading text, YAML and HTML so that every message can name a file and a line, and none of them can stop us."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any

import yaml

from center.finding import DataError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainError(yaml.constructor.ConstructorError):
    """What we refuse ourselves, in words that need nothing before them."""

    def __init__(self, told: str, mark: Any) -> None:
        super().__init__(None, None, told, mark)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that refuses a key given twice: YAML itself would silently keep the last."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        name = loader.construct_object(key, deep=True)
        if not isinstance(name, (str, int, float, bool, type(None))):
            raise _PlainError("a key must be a plain word", key.start_mark)
        if name in seen:
            raise _PlainError(f"'{name}' stands twice", key.start_mark)
        seen.add(name)
    result: dict[Any, Any] = yaml.constructor.SafeConstructor.construct_mapping(loader, node, deep=True)
    return result


def _scalar(kind: str, must: str) -> Any:
    """A constructor of plain values of one kind that says where a value stands that only looks like one."""

    def construct(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            return getattr(yaml.constructor.SafeConstructor, f"construct_yaml_{kind}")(loader, node)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            raise _PlainError(f"'{node.value}' must be {must}", node.start_mark) from error

    return construct


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
for _kind, _must in (
    ("timestamp", "a day that there is, such as 2026-11-22"),
    ("int", "a number"),
    ("float", "a number"),
    ("bool", "true or false"),
):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _scalar(_kind, _must))


_LINE_END = re.compile(r"\r\n?|\n")
#: Deeper than anything meant. Far deeper, libyaml overruns its stack and takes the process with it.
_DEPTH = 50


#: What the YAML parser says of the commonest mistakes, and what an editor is to do.
_PLAINLY = {
    "mapping values are not allowed": "put quotes around a text with a colon in it, such as {line}",
    "cannot start any token": "put quotes around a text that begins with such a sign; no line begins with a tab",
    "could not find expected ':'": "write each line as 'key: value', and put quotes around a text over several lines",
}
_LINE = re.compile(r"[ \t-]*([\w-]+):[ \t]+(\S.*?)[ \t]*$")


def _events(text: str) -> Iterator[Any]:
    """What YAML is made of, in order. Raises YAMLError, for what nests too deeply too."""
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Base):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise yaml.MarkedYAMLError(problem="this nests too deeply to be meant", problem_mark=event.start_mark)
        yield event


class Places:
    """Lines and columns (from 1) of places in a text, as editors count; YAML also ends one at U+2028."""

    def __init__(self, text: str) -> None:
        self._lines = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def __call__(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1


def _quoted(text: str, number: int) -> str:
    """A line of a YAML text with its value in quotes, to be pasted; an example if it has none."""
    found = _LINE.match(_LINE_END.split(text)[number])
    key, value = found.groups() if found else ("key", "one: two")
    return f'{key}: "{value}"' if '"' not in value else f"{key}: '{value.replace(chr(39), chr(39) * 2)}'"


def parse_yaml(text: str, path: Path | str, first_line: int = 1) -> Any:
    """Parse YAML text that begins at ``first_line`` of ``path``. Raises DataError with the true line."""
    try:
        deque(_events(text), maxlen=0)
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader that refuses doubled keys)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = Places(text)(mark.index if mark else 0)
        line += first_line - 1
        problem = getattr(error, "problem", None) or "this is not valid YAML"
        plain = next((plain for said, plain in _PLAINLY.items() if said in problem), "")
        if plain:
            told = plain.format(line=_quoted(text, line - first_line))
        elif isinstance(error, _PlainError):
            told = problem
        else:
            told = f"valid YAML is needed here: {problem}"
        raise DataError(path, line, told, column) from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # What PyYAML lets slip for a value that does not fit its tag, such as "!!bool maybe".
        raise DataError(path, first_line, f"valid YAML is needed here: {error}") from error


def key_lines(text: str, first_line: int = 1) -> dict[str, int]:
    """Line of each top-level key of a YAML mapping, or of each ``id`` of a YAML list of mappings."""
    node = yaml.compose(text, Loader=_Base)
    lines: dict[str, int] = {}
    places, above = Places(text), first_line - 1
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            lines.setdefault(str(key.value), places(key.start_mark.index)[0] + above)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                for key, value in item.value:
                    if key.value == "id":
                        lines.setdefault(str(value.value), places(key.start_mark.index)[0] + above)
    return lines


def pairs(text: str, first_line: int = 1) -> Iterator[tuple[tuple[str, ...], str | None, int, int]]:
    """Each key of YAML mappings, with those above it, its value if that is plain, and its place, all as written.

    A number stays the text that an editor typed. YAML that cannot be read has none: that is another finding.
    """
    try:
        deque(_events(text), maxlen=0)
        node = yaml.compose(text, Loader=_Base)
    except yaml.YAMLError:
        return
    places = Places(text)
    waiting: list[tuple[tuple[str, ...], Any]] = [((), node)]
    met = set[int]()  # an alias may lead back to where it stands
    while waiting:
        above, node = waiting.pop()
        inner = list[tuple[tuple[str, ...], Any]]()
        new = isinstance(node, yaml.MappingNode) and id(node) not in met
        met.add(id(node))
        for key, value in node.value if new else ():
            path = (*above, str(key.value))
            line, column = places(key.start_mark.index)
            yield path, str(value.value) if isinstance(value, yaml.ScalarNode) else None, line + first_line - 1, column
            inner.append((path, value))
        waiting += reversed(inner)


def key_places(text: str) -> list[dict[str, tuple[int, int]]]:
    """Line and column of the value of each key, for each mapping of a YAML list; an empty one for another entry."""
    node, places = yaml.compose(text, Loader=_Base), Places(text)
    return [
        {str(key.value): places(value.start_mark.index) for key, value in item.value}
        if isinstance(item, yaml.MappingNode)
        else {}
        for item in (node.value if isinstance(node, yaml.SequenceNode) else ())
    ]


def listed(text: str, *above: str) -> list[tuple[Any, int, int]]:
    """Entries of the YAML list below these keys, each with its line and column; none if there is no such list."""
    node, places = yaml.compose(text, Loader=_Base), Places(text)
    for name in above:
        values = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in values if key.value == name), None)
    items = node.value if isinstance(node, yaml.SequenceNode) else ()
    built = parse_yaml(text, "")
    for name in above if items else ():
        built = built[name]
    return [(value, *places(item.start_mark.index)) for value, item in zip(built, items, strict=True)] if items else []


def scalars(text: str) -> Iterator[tuple[int, int]]:
    """Where each plain value of a YAML text stands, from its first sign to beyond its last. Raises YAMLError."""
    plain: Iterator[Any] = filter(lambda event: isinstance(event, yaml.ScalarEvent), _events(text))
    return ((event.start_mark.index, event.end_mark.index) for event in plain)


def read_text(path: Path) -> str:
    """Text of a UTF-8 file, without a byte order mark. Raises DataError if it cannot be read as that."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", error.object[: error.start])) + 1
        raise DataError(path, line, "save this file as UTF-8 text; this byte is not UTF-8") from error
    except OSError as error:
        raise DataError(path, 1, f"this file must be readable: {error.strerror}") from error


def files(folder: Path, label: str) -> tuple[list[PurePosixPath], list[DataError]]:
    """Every file below a folder, by its name from there, sorted, and the folders that cannot be looked into.

    A loop of links is not followed. What only may be a file, for nobody lets us look, is one: reading it will tell.
    """
    found: list[PurePosixPath] = []
    problems: list[DataError] = []

    def unread(error: OSError) -> None:
        where = PurePosixPath(label, Path(error.filename).relative_to(folder).as_posix())
        problems.append(DataError(where.as_posix(), 1, f"this folder must be readable: {error.strerror}"))

    for where, _, names in os.walk(folder, onerror=unread):
        for name in names:
            file = Path(where, name)
            try:
                is_file = S_ISREG(file.stat().st_mode)
            except OSError:
                is_file = file.suffix in (".md", ".html")
            if is_file:
                found.append(PurePosixPath(file.relative_to(folder).as_posix()))
    return sorted(found), problems


@lru_cache(maxsize=16)
def _stamped(path: Path, _mtime: int, _size: int) -> tuple[str, Any]:
    text = read_text(path)
    return text, parse_yaml(text, path)


def read_yaml(path: Path) -> tuple[str, Any]:
    """Text and data of a YAML file, read again only when the file has changed."""
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(path, 1, f"this file must be readable: {error.strerror}") from error
    return _stamped(path, stat.st_mtime_ns, stat.st_size)


class LenientParser(HTMLParser):
    """An HTML parser that reads ``<![anything`` as a browser does, as a comment, where Python's own gives up."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        return self.parse_bogus_comment(i)
