"""The rules, in families by hundreds. Importing this package registers them all."""

from center.checks import built, citations, front_matter, gaps, links, safety, sections

__all__ = ["built", "citations", "front_matter", "gaps", "links", "safety", "sections"]
