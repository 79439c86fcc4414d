#!/usr/bin/env python3
"""Writes the dark version of every picture into it, and the style of films: a development command.

    python scripts/pictures.py

A picture (SVG) names its colors in its own style, in their light form; `docs/pictures.yml` says the dark form of
each. What is written stands at the end of the style, and follows the page: a browser shows it where the place of
the picture is dark. A film (an SVG with `data-steps`) stands in its pages, which may hold no style: how it looks
there is written into `films.css`, from the same style and list. Exits 1 if a picture names a color that is not in
the list, or names one outside its style.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PALETTE, PICTURES = ROOT / "docs/pictures.yml", ROOT / "overrides/assets/pictures"
FILMS = PICTURES / "films.css"  # with the pictures: a center with others has another

try:
    import yaml
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"pictures: '{error.name}' is not installed here: run 'make pictures'", file=sys.stderr)
    sys.exit(2)

_DARK = re.compile(r"\n *@media \(prefers-color-scheme: dark\) \{ /\* written.*?\n {4}\}(?=\n)", re.S)
_STYLE = re.compile(r"(<style>)(.*?)(\n *</style>)", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
_FILM = re.compile(r"<svg[^>]*\sdata-steps=")
_SET = re.compile(r"(fill|stroke|stop-color|color)\s*:\s*(#[0-9a-fA-F]{3,8})\b")


class ColorError(Exception):
    """A color that the list does not have, or that stands where the dark version cannot change it."""


def palette(path: Path) -> dict[str, str]:
    """The dark form of each light color of the list, as ``{"#fdfbf7": "#16262b", ...}``."""
    named: Mapping[str, Mapping[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    dark: dict[str, str] = {}
    for name, pair in named.items():
        if pair["light"] in dark:
            raise ColorError(f"{path.name}: {name}: another color has the same light form")
        dark[pair["light"]] = pair["dark"]
    return dark


def long(color: str) -> str:
    """A color with six digits: #fff is #ffffff."""
    color = color.lower()
    return color if len(color) != 4 else "#" + "".join(2 * digit for digit in color[1:])


def with_dark(svg: str, dark: Mapping[str, str]) -> str:
    """The text of a picture with its dark version written anew; ColorError names the line of an unknown color."""

    def line(at: int) -> int:
        return svg.count("\n", 0, at) + 1

    svg = _DARK.sub("", svg)
    style = _STYLE.search(svg)
    if style is None:
        raise ColorError("1: it must have a <style> with its colors, one rule a line")
    for color in _COLOR.finditer(svg):
        place = f"{line(color.start())}: {color[0]}"
        if long(color[0]) not in dark:
            raise ColorError(f"{place} is not one of the colors of docs/pictures.yml")
        if not style.start() < color.start() < style.end():
            raise ColorError(f"{place} must be set by a rule in <style>, not where it is used")
    lines = []
    for selector, body in _RULE.findall(style[2]):
        changed = "; ".join(f"{name}: {dark[long(color)]}" for name, color in _SET.findall(body))
        if changed:
            lines.append(f"\n      {selector.strip()} {{ {changed} }}")
    if not lines:
        return svg
    added = "\n    @media (prefers-color-scheme: dark) { /* written by 'make pictures' */" + "".join(lines) + "\n    }"
    return svg[: style.end(2)] + added + svg[style.end(2) :]


def film_style(name: str, svg: str, dark: Mapping[str, str]) -> str:
    """The style of a film for the pages that show it, for both schemes: a page may hold no style of its own."""
    style = _STYLE.search(_DARK.sub("", svg))
    light, lines = list[str](), list[str]()
    for selectors, body in _RULE.findall(style[2] if style else ""):
        where = ",\n".join(f'[data-film="{name}"] {selector.strip()}' for selector in selectors.split(","))
        light.append(f"{where} {{{_lines(body.split(';'), 2)}\n}}\n")
        changed = [f"{key}: {dark[long(color)]}" for key, color in _SET.findall(body)]
        if changed:
            where = ",\n".join(f'  [data-md-color-scheme="slate"] {one}' for one in where.split(",\n"))
            lines.append(f"{where} {{{_lines(changed, 4)}\n  }}\n")
    # On paper the light one: the theme prints so.
    return "\n".join(light) + "\n@media screen {\n" + "\n".join(lines) + "}\n"


def films_style(films: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """The sheet of all films, each given by its name and the text of its picture."""
    styles = [film_style(name, svg, dark) for name, svg in films.items()]
    return "\n".join(["/* Written by 'make pictures' from the style of each film's picture. */\n", *styles])


def _lines(declared: Iterable[str], deep: int) -> str:
    return "".join(f"\n{' ' * deep}{one.strip()};" for one in declared if one.strip())


def main() -> int:
    """Writes the pictures that change, and the style of films; 1 if a color must be mended first."""
    problems, films = False, dict[str, str]()
    try:
        dark = palette(PALETTE)
    except ColorError as error:
        print(f"pictures: {error}", file=sys.stderr)
        return 1
    for path in sorted(PICTURES.glob("*.svg")):
        before = path.read_text(encoding="utf-8")
        try:
            after = with_dark(before, dark)
        except ColorError as error:
            print(f"{path.relative_to(ROOT)}:{error}", file=sys.stderr)
            problems = True
            continue
        if _FILM.search(after):
            films[path.stem] = after
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"pictures: wrote {path.relative_to(ROOT)}")
    style = films_style(films, dark)
    if films and not problems and (not FILMS.is_file() or FILMS.read_text(encoding="utf-8") != style):
        FILMS.write_text(style, encoding="utf-8", newline="\n")
        print(f"pictures: wrote {FILMS.relative_to(ROOT)}")
    return int(problems)


if __name__ == "__main__":
    sys.exit(main())
