"""Addresses in JSON: a web app's manifest, a feed, and the index that a site's search reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_STRING = r"\"(?:[^\"\\]|\\.)*+\""
#: A member whose value is a text.
_MEMBER = re.compile(rf"({_STRING})\s*+:\s*+({_STRING})", re.S)


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


def of_feed(data: Any) -> Iterator[tuple[str, str]]:
    """Member and address of each place of a feed that names something."""
    if isinstance(data, dict):
        for name in ("home_page_url", "feed_url", "next_url", "icon", "favicon"):
            yield from _texts(name, data, name)
    for item in _entries(data, "items"):
        for name in ("url", "external_url", "image", "banner_image"):
            yield from _texts(name, item, name)
        yield from _many(item, "attachments", "url")


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


def places(text: str, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Where each of some members with a text first stands."""
    found: dict[tuple[str, str], int] = {}
    for match in _MEMBER.finditer(text):
        try:
            member = json.loads(match[1], strict=False), json.loads(match[2], strict=False)
        except ValueError:
            continue
        if member in wanted:
            found.setdefault(member, match.start(2) + 1)
    return found
