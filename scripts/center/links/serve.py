"""Which file a plain static host serves for a path: case counts, a folder needs its ``index.html``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import unquote_to_bytes

from center.links import url

#: Stands for the host of a site that does not say where it lives. No host can have this name.
UNKNOWN = "http://site.invalid"
#: Stands for the folder that such a site lies in, so that a link which climbs out of it is seen.
_FOLDER = "/~/"
_INDEX = "index.html"
#: A slash or nothing written as a code: no file's name holds one, and hosts differ in what they make of it.
_NO_NAME = re.compile("%(?:2f|00)", re.I)
#: The plainest of relative addresses: folders up, a path without dots or codes, a fragment. Most are so.
_PLAIN = re.compile(r"((?:\.\./)*+)((?:[\w-][\w.-]*+/)*+(?:[\w-][\w.-]*+)?)(?:#([\w.-]*+))?", re.A)
#: What is asked of the web, and so may be a file of this site.
WEB = ("http", "https")


class Served(NamedTuple):
    """Where an address leads: a ``file`` of the site, none (``missing``), out of its root, or elsewhere.

    ``path`` is what was asked for, decoded, from the site's root.
    """

    state: Literal["file", "missing", "left", "outside", "other"]
    file: str = ""
    path: str = ""
    fragment: str | None = None


class Host:
    """A static host that serves some files, named from the site's root, below an address ("" if it is not known)."""

    def __init__(self, files: Iterable[str], address: str = "") -> None:
        self.files = frozenset(files)
        self.known = bool(address)
        apart = url.parts(address or UNKNOWN + _FOLDER)
        self.origin = apart.origin
        self.root = apart.path[: apart.path.rfind("/") + 1] or "/"
        self._start = self.origin + self.root
        self._known: dict[str, Served] = {}

    def address(self, file: str) -> str:
        """The address under which a reader gets a file; a page of a folder by the folder's own."""
        shown = file.removesuffix(_INDEX) if file.rpartition("/")[2] == _INDEX else file
        made = url.normal(self.origin + self.root + quoted(shown))
        assert made is not None, file  # every name can be quoted  # noqa: S101
        return made

    def aboves(self, file: str) -> tuple[str, ...]:
        """The folder of a file, the one above it, and so on to the root."""
        parts = file.split("/")[:-1]
        return tuple("".join(f"{part}/" for part in parts[: len(parts) - up]) for up in range(len(parts) + 1))

    def quick(self, written: str, file: str, aboves: tuple[str, ...]) -> Served | None:
        """Where a plain address in a file leads, without resolving it; None if that is to be looked at closely."""
        plain = _PLAIN.fullmatch(written)
        if plain is None or not written:
            return None
        ups, path, fragment = plain.groups()
        if not path and not ups:
            return Served("file", file, file, fragment)
        up = len(ups) // 3
        if up >= len(aboves):
            return None
        found = self._find(aboves[up] + path, fragment)
        return found if found.state == "file" else None

    def serve(self, address: str, written: str = "") -> Served:
        """Where a whole address leads. What was ``written`` tells whether it climbed out of the root."""
        if address.startswith(self._start):
            asked, hash_, rest = address[len(self._start) :].partition("#")
            return self._find(asked.partition("?")[0], rest if hash_ else None)
        scheme, origin, path, fragment = url.parts(address)
        if scheme not in WEB:
            return Served("missing" if scheme == "file" else "other", path=path, fragment=fragment)
        if origin == self.origin and path.startswith(self.root):
            return self._find(path[len(self.root) :], fragment)
        if origin != self.origin or (self.known and url.scheme(written)):
            return Served("outside", fragment=fragment)  # another host, or what else lies on the same
        if not self.known and url.plain(written)[:1] in ("/", "\\"):
            return self._find(path.lstrip("/"), fragment)  # lies at the root of its host, as far as this page knows
        return Served("left", path=decoded(path), fragment=fragment)

    def _find(self, path: str, fragment: str | None) -> Served:
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._look(path)
        return found if fragment is None else Served(found.state, found.file, found.path, fragment)

    def _look(self, path: str) -> Served:
        asked = decoded(path) if "%" in path else path
        if _NO_NAME.search(path):
            return Served("missing", path=asked)
        asked = re.sub("//+", "/", asked)
        if asked in self.files:
            return Served("file", asked, asked)
        folder = asked.strip("/")
        index = f"{folder}/{_INDEX}" if folder else _INDEX
        return Served("file", index, asked) if index in self.files else Served("missing", path=asked)


def decoded(path: str) -> str:
    """A path's codes as the letters that they stand for, in a form that a file's name has too."""
    return os.fsdecode(unquote_to_bytes(path))


def quoted(name: str) -> str:
    """A file's name as an address holds it."""
    out = []
    for byte in os.fsencode(name):
        letter = chr(byte)
        plain = letter.isascii() and (letter.isalnum() or letter in "-._~/!$&'()*+,;=:@")
        out.append(letter if plain else f"%{byte:02X}")
    return "".join(out)
