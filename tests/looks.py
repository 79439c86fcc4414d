"""What the tests of the look share: the tokens of the style, and how far two colors are apart."""

from __future__ import annotations

import re

from tests.conftest import ROOT

TOKENS = ROOT / "overrides/assets/stylesheets/tokens.css"


def rules(css: str, media: str = "") -> list[tuple[str, str, str]]:
    """The rules of a style as (media, selector, declarations), in order; what @media holds with its condition."""
    css, found, at = re.sub(r"/\*.*?\*/", "", css, flags=re.S), [], 0
    while (opened := css.find("{", at)) >= 0:
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        name, body = " ".join(css[at:opened].split()), css[opened + 1 : end - 1]
        found += rules(body, name.removeprefix("@media ")) if name.startswith("@media") else [(media, name, body)]
        at = end
    return found


def tokens(*, dark: bool, contrast: bool = False, css: str | None = None) -> dict[str, str]:
    """The colors of a scheme on a screen, by name: ``{"paper": "#fdfbf7", ...}``."""
    mine = {":root", "[data-md-color-scheme]", f'[data-md-color-scheme="{"slate" if dark else "default"}"]'}
    when = {"", "screen"} | ({"screen and (prefers-contrast: more)", "(prefers-contrast: more)"} if contrast else set())
    colors: dict[str, str] = {}
    for media, selector, body in rules(TOKENS.read_text(encoding="utf-8") if css is None else css):
        if media in when and mine & set(map(str.strip, selector.split(","))):
            colors.update(re.findall(r"--center-([a-z-]+): (#[0-9a-f]{6});", body))
    return colors


def rgb(color: str) -> str:
    """A color as a browser says it."""
    return "rgb({}, {}, {})".format(*bytes.fromhex(color[1:]))


def contrast(one: str, other: str) -> float:
    """How far two colors are apart, from 1 to 21 (WCAG 2)."""

    def light(color: str) -> float:
        parts = [part / 255 for part in bytes.fromhex(color[1:])]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
