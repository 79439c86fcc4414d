#!/usr/bin/env python3
"""Writes the two fonts that the site ships, cut to the letters that it needs: a development command.

    python scripts/fonts.py [--check]

The face is Atkinson Hyperlegible Next, made by the Braille Institute for weak eyes (SIL Open Font License), from the
npm package that package-lock.json names. Whole it would be 25 KB; cut it is about 16 KB, and a reader on a weak
signal notices. Letters that were cut come from the reader's own fonts. With --check nothing is written, and it exits
1 if what is in the tree is not what would be written.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FROM = ROOT / "node_modules/@fontsource/atkinson-hyperlegible-next"
TO = ROOT / "overrides/assets/fonts"

#: Letters, figures and signs of the pages in English, and the accents of most names in the sources.
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0°²³µ·½×±áäåçèéëíñóöøúü–—‘’“”•…−"  # noqa: RUF001
#: Normal and bold: the only two weights that the style uses.
FILES = {
    "files/atkinson-hyperlegible-next-latin-400-normal.woff2": "atkinson-400.woff2",
    "files/atkinson-hyperlegible-next-latin-700-normal.woff2": "atkinson-700.woff2",
}

try:
    from fontTools import subset
except ModuleNotFoundError as error:  # the environment is not there: say so instead of a traceback
    print(f"fonts: '{error.name}' is not installed here: run 'make fonts'", file=sys.stderr)
    sys.exit(2)


def cut(source: Path) -> bytes:
    """The font of a file with nothing but LETTERS, and the spaces between pairs of them."""
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark"], recalc_timestamp=False)
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=LETTERS)
        cutter.subset(font)
        written = BytesIO()
        subset.save_font(font, written, options)
    return written.getvalue()


def main(arguments: list[str]) -> int:
    """Writes or checks the fonts; returns the exit code."""
    if not FROM.is_dir():
        print(f"fonts: {FROM.relative_to(ROOT)} is not there: run 'make fonts'", file=sys.stderr)
        return 2
    stale = [TO / name for given, name in FILES.items() if not _same(TO / name, cut(FROM / given))]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: must be as 'make fonts' writes it", file=sys.stderr)
        return int(bool(stale))
    TO.mkdir(parents=True, exist_ok=True)
    for given, name in FILES.items():
        (TO / name).write_bytes(cut(FROM / given))
        print(f"fonts: {name}, {(TO / name).stat().st_size:,} bytes")
    shutil.copyfile(FROM / "LICENSE", TO / "OFL.txt")
    return 0


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
