"""Built sites of any size, each page of 40 KB with 47 links in it: what the reading of links is measured on."""

from __future__ import annotations

from pathlib import Path

#: Bytes of a page, and links on it: what pages of documentation have.
SIZE = 40_000
LINKS = 47
_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Page {number}</title>\n'
    '<link rel="canonical" href="https://example.org/web/{folder}">\n<link rel="stylesheet" href="{up}style.css">'
    '<link rel="icon" href="{up}icon.svg"><script src="{up}script.js" defer></script></head>\n<body>\n'
)
_WORDS = "Some plain words of a page that somebody reads, with <b>bold</b> and <em>other</em> words among them. "


def write(folder: Path, pages: int) -> int:
    """Write a site of so many pages, with nothing to mend in it; returns how many links it holds."""
    folder.mkdir(parents=True)
    (folder / "style.css").write_text("body { background: url(icon.svg) }\n", encoding="utf-8")
    (folder / "script.js").write_text("", encoding="utf-8")
    (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    names = ["", *(f"part-{number // 50}/page-{number}/" for number in range(1, pages))]
    for number, name in enumerate(names):
        file = folder / name / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_page(number, name, names), encoding="utf-8")
    return pages * LINKS


def _page(number: int, name: str, names: list[str]) -> str:
    up = "../" * name.count("/")
    links = [
        *(f"{up}{names[(number * 7 + step * step) % len(names)] or './'}" for step in range(24)),
        *(f"{up}{names[(number + step) % len(names)] or './'}#part-{step}" for step in range(1, 12)),
        *(f"#part-{step}" for step in range(8)),
    ]
    parts = [_HEAD.format(number=number, folder=name, up=up)]
    words = _WORDS * (SIZE // len(links) // len(_WORDS))
    for step, link in enumerate(links):
        parts.append(
            f'<h2 id="part-{step}">Part {step}</h2>\n<p class="words">{words}<a href="{link}">{step}</a></p>\n'
        )
    return "".join([*parts, "</body></html>\n"])
