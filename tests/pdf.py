"""The words of a PDF that Chromium printed, for tests to read what stands on paper. Blanks are left out."""

from __future__ import annotations

import re
import zlib


def _characters(table: str) -> dict[str, str]:
    """What each sign of a font means, from its table."""
    found = dict[str, str]()
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for sign, meaning in re.findall(r"<(\w+)> <(\w+)>", part):
            found[sign] = bytes.fromhex(meaning).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, meaning in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", part):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + step:04X}"] = chr(int(meaning, 16) + step)
    return found


def words(printed: bytes) -> str:
    """All words of a PDF, in the order in which they were drawn, without blanks."""
    objects = {int(number): body for number, body in re.findall(rb"(?ms)^(\d+) 0 obj(.*?)^endobj", printed)}
    streams = dict[int, str]()
    for number, body in objects.items():
        packed = re.search(rb"stream\r?\n(.*)endstream", body, re.S)
        if packed and b"/FlateDecode" in body:
            streams[number] = zlib.decompress(packed[1]).decode("latin-1")
    fonts = {
        f"F{number}": _characters(streams[int(table[1])])
        for number, body in objects.items()
        if (table := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    found = []
    for stream in streams.values():
        font = dict[str, str]()
        for name, shown in re.findall(r"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj", stream):
            if name:
                font = fonts.get(name, {})
            found += [font.get(shown[at : at + 4], "") for at in range(0, len(shown), 4)]
    return "".join("".join(found).split())
