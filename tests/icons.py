"""Draws the icons and the card that a preview of a link shows: a development command.

    python tests/icons.py

All are made from what the center has: its mark, one of its pictures, its name and its promise, by the browser that
the tests need. Each file holds a hash of what it was drawn from, so that a test can tell an old one. Nothing is
fetched, and no font is asked for but one that the machine has.
"""

from __future__ import annotations

import hashlib
import re
import struct
import sys
import textwrap
import zlib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import yaml  # noqa: E402  (what is of this repository comes first)
from center import nav  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests import machine  # noqa: E402

CARD = (1200, 630)
PAPER, INK, WORDS = "#fdfbf7", "#1d4f57", "#1b1b1b"
#: Side of each icon, and the share of it that the mark takes. What a phone cuts to its own form is drawn smaller:
#: only the middle, four fifths wide, is sure to be seen.
ICONS = {
    "icon-32.png": (32, 0.94),
    "apple-touch-icon.png": (180, 0.72),
    "icon-192.png": (192, 0.78),
    "icon-512.png": (512, 0.78),
    "maskable-512.png": (512, 0.56),
}
#: Parts of a picture that mean nothing without its words.
_WITH_WORDS = re.compile(r"<[^<>]*class=\"(?:card|pointer)\"[^<>]*/>|<(title|desc|text)\b.*?</\1>", re.S)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _settings(root: Path) -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load(nav.plain((root / nav.FILE).read_text(encoding="utf-8")))
    return loaded


def _light(file: Path, name: str) -> str:
    """A picture of ours in its light form, without words, its classes under a name of its own."""
    svg = re.sub(
        r"\n *@media \(prefers-color-scheme: dark\) \{.*?\n {4}\}(?=\n)", "", file.read_text("utf-8"), flags=re.S
    )
    svg = re.sub(r"\n *text \{[^}]*\}", "", _WITH_WORDS.sub("", svg))
    svg = re.sub(r"class=\"(\w+)", rf'class="{name}-\1', svg)
    return re.sub(r"^( *)\.(?=\w)", rf"\1.{name}-", svg, flags=re.M)


def _placed(svg: str, x: float, y: float, width: float, height: float, box: str = "") -> str:
    """A picture within another, in a box of its place; ``box`` is the part of it that is shown."""
    head = re.search(r"<svg\b[^>]*>", svg)
    assert head
    shown = box or re.findall(r'viewBox="([^"]*)"', head[0])[0]
    return f'<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{shown}">{svg[head.end() :]}'


def drawings(root: Path = ROOT) -> dict[str, str]:
    """The SVG that each file is made from, by the file's name."""
    settings = _settings(root)
    extra = settings["extra"]
    assert isinstance(extra, dict)
    theme = root / "overrides"
    mark = _light(theme / "assets/pictures/mark.svg", "mark")
    made = {}
    for name, (side, share) in ICONS.items():
        ground = f'<rect width="{side}" height="{side}" fill="{PAPER}"/>'
        inner = side * share
        at = (side - inner) / 2
        made[name] = _svg(side, side, ground + _placed(mark, at, at, inner, inner))
    made["share.png"] = _card(settings, mark, _shown(theme, extra["card"]) if extra.get("card") else "")
    return made


def _shown(theme: Path, card: dict[str, str]) -> str:
    return _placed(_light(theme / card["picture"], "picture"), 770, 55, 370, 520, card["box"])


def _svg(width: int, height: int, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{inner}</svg>"
    )


def _card(settings: dict[str, object], mark: str, picture: str) -> str:
    font = "font-family='Liberation Sans, Arial, Helvetica, sans-serif'"
    title = textwrap.wrap(str(settings["site_name"]), 20)
    promise = textwrap.wrap(str(settings["site_description"]), 34)
    parts = [f'<rect width="{CARD[0]}" height="{CARD[1]}" fill="{PAPER}"/>']
    parts.append(_placed(mark, 67, 56, 212, 212))
    y = 366
    for line in title:
        parts.append(f"<text x='80' y='{y}' {font} font-size='72' font-weight='700' fill='{INK}'>{escape(line)}</text>")
        y += 80
    y -= 14
    for line in promise:
        parts.append(f"<text x='80' y='{y}' {font} font-size='36' fill='{WORDS}'>{escape(line)}</text>")
        y += 50
    return _svg(*CARD, "".join([*parts, picture]))


def told(svg: str) -> bytes:
    """What a file says of the drawing that it was made from."""
    return hashlib.sha256(svg.encode()).hexdigest().encode()


def stamped(png: bytes, svg: str) -> bytes:
    """A PNG with the hash of its drawing, in a chunk of text before its end."""
    chunk = b"tEXtSource\0" + told(svg)
    end = len(png) - 12
    return png[:end] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]


def read(png: bytes) -> tuple[int, int, bytes]:
    """Width and height of a PNG, and the hash in it (empty if there is none). Raises ValueError."""
    if png[:8] != _SIGNATURE or png[12:16] != b"IHDR":
        raise ValueError("this is no PNG")
    width, height = struct.unpack(">II", png[16:24])
    found = re.search(rb"tEXtSource\0([0-9a-f]{64})", png)
    return width, height, found[1] if found else b""


def draw(root: Path = ROOT) -> None:
    """Draw all files anew."""
    extra = _settings(root)["extra"]
    assert isinstance(extra, dict)
    folder = root / "overrides" / (extra["icons"] or "assets/icons")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=machine.chromium(), args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
        )
        for name, svg in drawings(root).items():
            width, height = CARD if name == "share.png" else (ICONS[name][0],) * 2
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.set_content(f"<!doctype html><style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            png = page.screenshot()
            page.close()
            (folder / name).write_bytes(stamped(png, svg))
            print(f"icons: {folder.relative_to(root)}/{name} ({len(png) / 1000:.1f} kB)")
        browser.close()


if __name__ == "__main__":
    draw()
