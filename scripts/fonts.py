#!/usr/bin/env python3
"""Writes the two fonts that the site ships, cut to the letters that it needs: a development command.

    python scripts/fonts.py [--check]

The face is Atkinson Hyperlegible Next, made by the Braille Institute for weak eyes (SIL Open Font License), from the
npm package that package-lock.json names. It stands in the style itself, so that no line moves when it comes, and so
that it is there in the offline copy too (Firefox loads no font file from a disk). Whole it would be 25 KB, cut it is
15 KB; letters that were cut come from the reader's own fonts. Its zero has a stroke through it, which in "10 out of
100" many take for another sign: it is drawn open here, which the licence allows. With --check nothing is written,
and it exits 1 if what is in the tree is not what would be written.
"""

from __future__ import annotations

import shutil
import sys
from base64 import b64encode
from io import BytesIO
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FROM = ROOT / "node_modules/@fontsource/atkinson-hyperlegible-next"
TO = ROOT / "overrides/assets/stylesheets/fonts.css"
LICENSE = ROOT / "overrides/assets/stylesheets/fonts.OFL.txt"

#: Letters, figures and signs of the pages in English, and the accents of most names in the sources.
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0°²³µ·½×±áäåçèéëíñóöøúü–—‘’“”•…−"
#: Normal and bold: the only two weights that the style uses.
FILES = {
    400: "files/atkinson-hyperlegible-next-latin-400-normal.woff2",
    700: "files/atkinson-hyperlegible-next-latin-700-normal.woff2",
}

try:
    from fontTools import subset
    from fontTools.pens.boundsPen import ControlBoundsPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.reverseContourPen import ReverseContourPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"fonts: '{error.name}' is not installed here: run 'make fonts'", file=sys.stderr)
    sys.exit(2)


def open_zero(font: TTFont) -> None:
    """Draws the zero without its stroke: the outer edge, and the same edge again where the two openings were."""
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()["zero"].draw(pen)
    starts = [at for at, (name, _) in enumerate(pen.value) if name == "moveTo"] + [len(pen.value)]
    contours = [pen.value[a:b] for a, b in pairwise(starts)]

    def bounds(parts: list[list[tuple[str, tuple[tuple[float, float], ...]]]]) -> tuple[float, float, float, float]:
        found = ControlBoundsPen(None)
        for part in parts:
            for name, points in part:
                getattr(found, name)(*points)
        box: tuple[float, float, float, float] = found.bounds
        return box

    outer = max(contours, key=lambda part: bounds([part])[2] - bounds([part])[0])
    left, low, right, high = bounds([outer])
    inner = bounds([part for part in contours if part is not outer])
    wide, tall = (inner[2] - inner[0]) / (right - left), (inner[3] - inner[1]) / (high - low)
    drawn = TTGlyphPen(None)
    turned = TransformPen(ReverseContourPen(drawn), (wide, 0, 0, tall, inner[0] - left * wide, inner[1] - low * tall))
    for to in (drawn, turned):
        for name, points in outer:
            getattr(to, name)(*points)
    made = drawn.glyph(dropImpliedOnCurves=False, round=round)
    made.recalcBounds(font["glyf"])
    font["glyf"]["zero"] = made


def cut(source: Path) -> bytes:
    """The font of a file with nothing but LETTERS, and the spaces between pairs of them."""
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark"], recalc_timestamp=False)
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=LETTERS)
        cutter.subset(font)
        open_zero(font)
        written = BytesIO()
        subset.save_font(font, written, options)
    return written.getvalue()


def style() -> str:
    """The style sheet with both fonts in it."""
    rules = [
        f"""
@font-face {{
  font-family: "Center";
  font-weight: {weight};
  font-display: optional;
  src: url("data:font/woff2;base64,{b64encode(cut(FROM / file)).decode()}") format("woff2");
}}
"""
        for weight, file in FILES.items()
    ]
    return "/* Written by 'make fonts': do not edit. The licence is in fonts.OFL.txt. */\n" + "".join(rules)


def main(arguments: list[str]) -> int:
    """Writes or checks the fonts; returns the exit code."""
    if not FROM.is_dir():
        print(f"fonts: {FROM.relative_to(ROOT)} is not there: run 'make fonts'", file=sys.stderr)
        return 2
    written = style()
    if "--check" in arguments:
        if TO.is_file() and TO.read_text(encoding="utf-8") == written:
            return 0
        print(f"{TO.relative_to(ROOT)}: must be as 'make fonts' writes it", file=sys.stderr)
        return 1
    TO.write_text(written, encoding="utf-8", newline="\n")
    shutil.copyfile(FROM / "LICENSE", LICENSE)
    print(f"fonts: {TO.relative_to(ROOT)}, {TO.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
