"""A Markdown block whose body is YAML data, and a guard against blocks that were not understood.

``pymdownx.blocks`` turns a block with an unknown name or a wrong option into plain text, silently. So
the data stands in the block's body, we check it ourselves and raise, and whatever still begins with
``///`` when the page is done stops the build.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension  # type: ignore[import-untyped]
from pymdownx.blocks.block import Block  # type: ignore[import-untyped]

from center.data import parse_yaml
from center.finding import DataError

#: Stands on a block until its end is read.
_OPEN = "data-open-block"


class DataBlock(Block):  # type: ignore[misc]
    """A block that gets its data by ``build``; a ValueError raised there stops the build with the block's text."""

    def on_markdown(self) -> str:
        return "raw"

    def on_create(self, parent: ET.Element) -> ET.Element:
        return ET.SubElement(parent, "div", {_OPEN: self.NAME})

    def on_end(self, block: ET.Element) -> None:
        text = "".join(block.itertext())
        for child in list(block):
            block.remove(child)
        block.text = None
        del block.attrib[_OPEN]
        try:
            self.build(parse_yaml(text, f"/// {self.NAME}"), block)
        except DataError as error:
            raise ValueError(f"in the block '/// {self.NAME}' that begins '{text[:60]!s}': {error.message}") from error
        except ValueError as error:
            raise ValueError(f"in the block '/// {self.NAME}' that begins '{text[:60]!s}': {error}") from error

    def build(self, data: Any, element: ET.Element) -> None:
        """Fill ``element`` from the data. Raises ValueError that says what must be."""
        raise NotImplementedError


class _Guard(Treeprocessor):
    def run(self, root: ET.Element) -> None:
        # A block indented too far becomes "pre"; code within a line shows what a block looks like, and is meant.
        shown = {child for parent in root.iter() if parent.tag != "pre" for child in parent if child.tag == "code"}
        for element in root.iter():
            if element.get(_OPEN):
                raise ValueError(f"the block '/// {element.get(_OPEN)}' needs a line '///' at its end")
            for text in (None if element in shown else element.text, element.tail):
                if text and any(line.lstrip().startswith("///") for line in text.splitlines()):
                    raise ValueError(
                        f"this block was not understood: '{text.strip()[:80]}'. Write '/// name', then its lines "
                        "without indent, then '///', each on a line of its own, with an empty line around it"
                    )


class _Blocks(BlocksExtension):  # type: ignore[misc]
    def __init__(self, block: type[DataBlock], config: dict[str, Any]) -> None:
        super().__init__()
        self.block, self.given = block, config

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:
        block_mgr.register(self.block, self.given)


def register(md: Markdown, block: type[DataBlock], config: dict[str, Any]) -> None:
    """Register a data block with Markdown, and the guard once."""
    _Blocks(block, config).extendMarkdown(md)
    md.treeprocessors.register(_Guard(md), "center-guard", 1)
