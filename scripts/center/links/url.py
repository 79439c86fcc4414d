"""Addresses by the WHATWG URL Standard, read by a library that follows it to the letter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ada_url import URL, join_url

#: What a text from a file may hold and an address may not: half of a pair of UTF-16.
_HALVES = re.compile("[\ud800-\udfff]")
#: What a browser takes off both ends of an address.
BLANK = "".join(map(chr, range(0x21)))
#: The beginning of an address that names a scheme, once blanks, tabs and line ends are out.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_DROPPED = re.compile(r"[\t\n\r]")


class Parts(NamedTuple):
    """A resolved address, apart. ``fragment`` is None where there is no "#"."""

    scheme: str
    origin: str
    path: str
    fragment: str | None


def plain(written: str) -> str:
    """An address as a browser reads it: no blanks around it, no tab or line end within."""
    return _DROPPED.sub("", written.strip(BLANK))


def scheme(written: str) -> str:
    """The scheme that an address names, in small letters; "" if it is relative."""
    found = _SCHEME.match(plain(written))
    return found[1].lower() if found else ""


@lru_cache(maxsize=65536)  # a site writes the same addresses on every page of a folder
def resolve(written: str, base: str) -> str | None:
    """The whole address that is meant on a page with that base, serialized; None if it is none."""
    try:
        return join_url(base, written)
    except UnicodeEncodeError:
        return resolve(_HALVES.sub("\ufffd", written), base)
    except ValueError:
        return None


def parts(address: str) -> Parts:
    """A serialized address, apart. Quick for what the web is made of."""
    rest, hash_, fragment = address.partition("#")
    rest = rest.partition("?")[0]
    name, _, after = rest.partition(":")
    if after.startswith("//"):
        authority, slash, path = after[2:].partition("/")
        authority = authority.rpartition("@")[2]  # who asks does not matter
        return Parts(name, f"{name}://{authority}", slash + path, fragment if hash_ else None)
    return Parts(name, f"{name}:", after, fragment if hash_ else None)


def normal(address: str) -> str | None:
    """An absolute address, serialized; None if it is none."""
    try:
        return str(URL(_HALVES.sub("\ufffd", address)).href)
    except ValueError:
        return None
