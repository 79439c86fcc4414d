"""Where raw HTML stands in a page: in it nothing is Markdown. The site's own engine looks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

#: Where alone a block of raw HTML may begin.
_BEGINS = re.compile(r"^ {0,3}<[A-Za-z!?/]", re.M)


def find(text: str) -> list[tuple[int, int]]:
    """Beginning and end of each block of raw HTML, in order."""
    if not _BEGINS.search(text):
        return []
    from markdown import Markdown  # here: most pages hold no HTML, and it takes time to load
    from markdown.htmlparser import HTMLExtractor

    class Found(HTMLExtractor):
        """Notes which pieces of the text are kept from Markdown."""

        def __init__(self) -> None:
            super().__init__(Markdown())
            self.pieces: list[tuple[int, int]] = []

        def _note(self, piece: str, handle: Callable[..., Any], *given: Any) -> None:
            start, before = self.line_offset + self.offset, self._kept()
            handle(*given)
            if self._kept() != before:
                self.pieces.append((start, start + len(piece)))

        def _kept(self) -> tuple[int, int]:
            kept: list[str] = self._cache  # type: ignore[attr-defined]  # not in the types of Markdown
            return len(kept), self.md.htmlStash.html_counter

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            self._note(self.get_starttag_text(), super().handle_starttag, tag, attrs)

        def handle_endtag(self, tag: str) -> None:
            self._note(self.get_endtag_text(tag), super().handle_endtag, tag)

        def handle_data(self, data: str) -> None:
            self._note(data, super().handle_data, data)

        def handle_empty_tag(self, data: str, is_block: bool) -> None:
            self._note(data, super().handle_empty_tag, data, is_block)

    reader = Found()
    reader.feed(text)
    reader.close()
    return _joined(text, reader.pieces)


def _joined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces with nothing but spaces between them as one; of those, each that begins on a line of its own."""
    whole: list[tuple[int, int]] = []
    for start, end in pieces:
        if whole and not text[whole[-1][1] : start].strip(" "):
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return [(start, end) for start, end in whole if not text[text.rfind("\n", 0, start) + 1 : start].strip()]
