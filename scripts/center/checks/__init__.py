"""The rules, in families by hundreds. Importing this package registers them all."""

from center.checks import (
    built,
    citations,
    figures,
    front_matter,
    gaps,
    links,
    outside,
    pictures,
    reading,
    safety,
    sections,
    silences,
)

__all__ = [
    "built",
    "citations",
    "figures",
    "front_matter",
    "gaps",
    "links",
    "outside",
    "pictures",
    "reading",
    "safety",
    "sections",
    "silences",
]
