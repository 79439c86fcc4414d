"""Which part of a page a fragment leads to, by the HTML Standard: as it stands, then decoded, then "top"."""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import unquote_to_bytes

_DIRECTIVE = ":~:"
#: What of an SVG file may be asked for without an element: a view, and parts of a picture in time and space.
_VIEW = re.compile(r"svgView\(|(?:t|xywh)=", re.I)


def wanted(fragment: str | None) -> str:
    """A fragment without the directives to the browser behind ":~:"; "" where the whole page is meant."""
    return (fragment or "").partition(_DIRECTIVE)[0]


def leads(fragment: str, ids: Container[str]) -> bool:
    """Whether a fragment leads to one of the ids of a page, or to its top."""
    if not fragment or fragment in ids:
        return True
    meant = decoded(fragment)
    return meant in ids or meant.lower() == "top"


def leads_in_svg(fragment: str, ids: Container[str]) -> bool:
    """Whether a fragment leads to an element or a view of an SVG file."""
    return bool(_VIEW.match(fragment)) or not fragment or fragment in ids or decoded(fragment) in ids


def decoded(fragment: str) -> str:
    """A fragment's codes as the letters that they stand for."""
    return unquote_to_bytes(fragment).decode("utf-8", "replace") if "%" in fragment else fragment
