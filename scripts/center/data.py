"""Reading text, YAML and HTML so that every message can name a file and a line, and none of them can stop us."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from center.finding import DataError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that refuses a key given twice: YAML itself would silently keep the last."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        name = loader.construct_object(key, deep=True)
        if not isinstance(name, (str, int, float, bool, type(None))):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key.start_mark)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{name}' stands twice", key.start_mark)
        seen.add(name)
    result: dict[Any, Any] = yaml.constructor.SafeConstructor.construct_mapping(loader, node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


#: Deeper than anything meant. Far deeper, libyaml overruns its stack and takes the process with it.
_DEPTH = 50


def _events(text: str) -> Iterator[Any]:
    """What YAML is made of, in order. Raises YAMLError, for what nests too deeply too."""
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Base):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise yaml.MarkedYAMLError(problem="this nests too deeply to be meant", problem_mark=event.start_mark)
        yield event


def parse_yaml(text: str, path: Path | str, first_line: int = 1) -> Any:
    """Parse YAML text that begins at ``first_line`` of ``path``. Raises DataError with the true line."""
    try:
        deque(_events(text), maxlen=0)
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader that refuses doubled keys)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + first_line
        column = (mark.column if mark else 0) + 1
        problem = getattr(error, "problem", None) or "this is not valid YAML"
        raise DataError(path, line, f"valid YAML is needed here: {problem}", column) from error
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        # What PyYAML lets slip for a value that does not fit its tag, such as "!!bool maybe".
        raise DataError(path, first_line, f"valid YAML is needed here: {error}") from error


def key_lines(text: str, first_line: int = 1) -> dict[str, int]:
    """Line of each top-level key of a YAML mapping, or of each ``id`` of a YAML list of mappings."""
    node = yaml.compose(text, Loader=_Base)
    lines: dict[str, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            lines.setdefault(str(key.value), key.start_mark.line + first_line)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                for key, value in item.value:
                    if key.value == "id":
                        lines.setdefault(str(value.value), key.start_mark.line + first_line)
    return lines


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
