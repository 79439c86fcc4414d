"""Addresses in JSON: a web app's manifest, and the index that a site's search reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*+\"", re.S)


def load(text: str) -> Any:
    """JSON, or JSON that a script assigns. Raises ValueError."""
    return json.loads(re.sub(r"\A\s*(?:var|let|const)\s+\w+\s*=|;\s*\Z", "", text))


def of_manifest(data: Any) -> Iterator[tuple[str, str]]:
    """Member and address of each place of a web app's manifest that names something, in no order."""
    if not isinstance(data, dict):
        return
    yield from _texts("start_url", data, "start_url")
    for name in ("icons", "screenshots"):
        yield from _many(data, name, "src")
    for name, key in (("shortcuts", "url"), ("file_handlers", "action"), ("related_applications", "url")):
        yield from _many(data, name, key)
        for entry in _entries(data, name):
            yield from _many(entry, "icons", "src")
    yield from _texts("share_target.action", data.get("share_target"), "action")
    yield from _texts("serviceworker.src", data.get("serviceworker"), "src")


def of_search(data: Any) -> Iterator[tuple[str, str]]:
    """The location of each entry of a search index."""
    for entry in _entries(data, "docs"):
        yield from _texts("location", entry, "location")


def _texts(name: str, data: Any, key: str) -> Iterator[tuple[str, str]]:
    value = data.get(key) if isinstance(data, dict) else None
    if isinstance(value, str):
        yield name, value


def _entries(data: Any, name: str) -> list[Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _many(data: Any, name: str, key: str) -> Iterator[tuple[str, str]]:
    for entry in _entries(data, name):
        yield from _texts(f"{name}.{key}", entry, key)


def places(text: str, wanted: set[str]) -> dict[str, int]:
    """Where each of some texts first stands in JSON as a string of its own that is no key."""
    found: dict[str, int] = {}
    for match in _STRING.finditer(text):
        try:
            value = json.loads(match[0], strict=False)
        except ValueError:
            continue
        if value in wanted and value not in found and not re.match(r"\s*:", text[match.end() : match.end() + 20]):
            found[value] = match.start() + 1
    return found
