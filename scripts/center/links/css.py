"""Every address in CSS, by the tokens of CSS Syntax: comments, strings, escapes, ``url()`` in both its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NEWLINE = r"(?:\r\n|[\n\r\f])"
_ESCAPE = rf"\\(?:[0-9a-fA-F]{{1,6}}(?:{_NEWLINE}|[ \t])?|[^\n\r\f0-9a-fA-F])"
_NAME = rf"(?:[-\w\u0080-\U0010ffff]|{_ESCAPE})"
_IN_STRING = rf"\\{_NEWLINE}|{_ESCAPE}|\\\Z"
_STRING = (
    rf"\"(?:[^\"\\\n\r\f]|{_IN_STRING})*+(?:\"|\Z|(?=[\n\r\f]))"
    rf"|'(?:[^'\\\n\r\f]|{_IN_STRING})*+(?:'|\Z|(?=[\n\r\f]))"
)
_TOKEN = re.compile(
    rf"/\*.*?(?:\*/|\Z)"
    rf"|(?P<string>{_STRING})"
    rf"|(?P<name>@?{_NAME}++)(?P<open>\()?"
    rf"|(?P<sign>[{{}};:()])",
    re.S,
)
#: The inside of a ``url(`` without quotes, to its end.
_BARE = re.compile(rf"[ \t\n\r\f]*+((?:[^ \t\n\r\f\"'()\\\x00-\x08\x0b\x0e-\x1f\x7f]|{_ESCAPE})*+)[ \t\n\r\f]*+(\)|\Z)")
_BAD_URL_END = re.compile(r"(?:[^)\\]|\\.)*+(?:\)|\Z)", re.S)
_SPACE = re.compile(r"[ \t\n\r\f]*+")
_ESCAPED = re.compile(
    rf"\\(?:(?P<code>[0-9a-fA-F]{{1,6}})(?:{_NEWLINE}|[ \t])?|(?P<line>{_NEWLINE})|(?P<sign>.)|\Z)", re.S
)
_IMAGE_SETS = {"image-set(", "-webkit-image-set("}
_FETCHES_NOTHING = {"@namespace", "@charset", "@document", "@-moz-document", "@imported"}
#: What may stand before an ``@import``; "@imported" is ours, for one whose address has been read.
_BEFORE_IMPORTS = {"@import", "@imported", "@charset", "@layer"}


class Address(NamedTuple):
    """An address in CSS, where it begins, and whether it takes in another sheet."""

    written: str
    at: int
    imports: bool


def _plain(text: str) -> str:
    """A name, string or ``url()`` with its escapes read."""

    def read(match: re.Match[str]) -> str:
        if match["code"]:
            number = int(match["code"], 16)
            return "\ufffd" if number == 0 or number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)
        return match["sign"] or ""

    return _ESCAPED.sub(read, text) if "\\" in text else text


def addresses(text: str, *, sheet: bool = True) -> Iterator[Address]:
    """The addresses that a sheet (or the declarations of a ``style`` attribute) fetches, in order."""
    at, end = 0, len(text)
    begun = not sheet  # whether a rule came before, after which nothing is taken in any more
    rule = prop = ""  # the at-rule and the property that we are in
    expects_name = True
    open_: list[str] = []  # functions and brackets that are open
    while True:
        token = _TOKEN.search(text, at)
        if token is None:
            return
        at = token.end()
        if token["sign"]:
            sign = token["sign"]
            if sign == "{":
                begun, rule, expects_name = True, "", True
            elif sign in "};":
                if rule and rule not in _BEFORE_IMPORTS:
                    begun = True
                rule, prop, expects_name, open_ = "", "", True, []
            elif sign == "(":
                open_.append("(")
            elif sign == ")" and open_:
                open_.pop()
        elif token["name"]:
            name = _plain(token["name"]).lower()
            if name.startswith("@"):
                rule = name
            elif expects_name and not token["open"]:
                prop = name
            expects_name = False
            if not token["open"]:
                continue
            if name != "url":
                open_.append(f"{name}(")
                continue
            inside = _SPACE.match(text, at)
            start = inside.end() if inside else at
            if text[start : start + 1] in ("'", '"'):
                quoted = _TOKEN.match(text, start)
                if quoted is None or quoted["string"] is None:
                    continue
                at = quoted.end()
                open_.append("url(")
                written, start = _plain(_inside(quoted["string"], ends=at == end)), start + 1
            else:
                bare = _BARE.match(text, at)
                if bare is None:
                    bad = _BAD_URL_END.match(text, at)
                    at = bad.end() if bad else end
                    continue
                at, start, written = bare.end(), bare.start(1), _plain(bare[1])
            if rule in _FETCHES_NOTHING or prop == "behavior" or not written:
                continue
            imports = rule == "@import" and not open_[:-1]
            if rule == "@import" and (begun or not imports):
                continue
            yield Address(written, start, imports)
            if imports:
                rule = "@imported"
        elif token["string"]:
            expects_name = False
            if rule == "@import" and not begun and not open_:
                yield Address(_plain(_inside(token["string"], ends=at == end)), token.start() + 1, True)
                rule = "@imported"
            elif open_ and open_[-1] in _IMAGE_SETS and rule not in _FETCHES_NOTHING:
                written = _plain(_inside(token["string"], ends=at == end))
                if written:
                    yield Address(written, token.start() + 1, False)


def _inside(string: str, *, ends: bool) -> str:
    """A string token without its quotes; "" if a line end broke it off. The end of the sheet closes it too."""
    if len(string) > 1 and string[-1] == string[0]:
        return string[1:-1]
    return string[1:] if ends else ""
