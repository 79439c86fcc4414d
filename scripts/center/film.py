"""A film: what its data and its picture must state. Pure data, no page.

A film is an SVG whose parts move. How, is said in the picture by ``<animate begin="indefinite">``, which no browser
starts by itself: alone, printed and without a script the picture stands still. The root says how long the film is and
where each of its steps begins and is shown at its best: ``data-seconds="4" data-steps="0-0.7 1.3-1.6"``.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from center import svg
from center.finding import DataError

_KEYS = ("picture", "title", "about", "source", "steps")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.svg")
_STEP = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?", re.I)
#: What the policy of a careful host forbids in a page, or what would act by itself.
_REFUSED = ("script", "foreignObject", "handler", "image", "set", "animateTransform", "animateMotion")


class FilmError(ValueError):
    """What must be changed in the data of a film, and the keys that lead there (none if one is missing)."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True)
class Film:
    """What stands on the page beside the picture: each step in words."""

    picture: str
    title: str
    about: str
    sources: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """The picture: its panes, each an SVG of its own so that they can stand side by side or below each other.

    ``steps`` are the beginning of each step and the moment that shows it, in seconds.
    """

    seconds: float
    steps: tuple[tuple[float, float], ...]
    panes: tuple[ET.Element, ...]


def _text(data: dict[str, Any], key: str) -> str:
    if not isinstance(data[key], str) or not data[key].strip():
        raise FilmError(f"'{key}' must be a few words", key)
    return " ".join(data[key].split())


def parse(data: Any, known: Collection[str]) -> Film:
    """Check the data of a film and return it. Raises FilmError that says what must be.

    ``known`` are the keys of the references.
    """
    if not isinstance(data, dict):
        raise FilmError("the block needs lines of 'key: value'")
    for key in data:
        if key not in _KEYS:
            raise FilmError(f"unknown key '{key}'; the keys are {', '.join(_KEYS)}", str(key))
    for key in _KEYS:
        if data.get(key) in (None, "", [], {}):
            raise FilmError(f"'{key}' is missing", key)
    picture, title, about, source = (_text(data, key) for key in _KEYS[:4])
    if not _NAME.fullmatch(picture):
        raise FilmError(f"'{picture}' must be the name of a picture's file, such as a-film.svg", "picture")
    sources = tuple(part.strip().removeprefix("@") for part in source.split(";"))
    for key in sources:
        if key not in known:
            raise FilmError(f"source '{key}' is not in the references", "source")
    steps = data["steps"]
    if not isinstance(steps, list) or len(steps) < 2 or not all(isinstance(s, str) and s.strip() for s in steps):
        raise FilmError("'steps' must be a list of 2 or more texts: what each step shows, in words", "steps")
    return Film(picture, title, about, sources, tuple(" ".join(step.split()) for step in steps))


def load(path: Path) -> Scene:
    """The picture of a film. Raises FilmError that says what must be."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FilmError(f"the picture '{path.name}' must be readable: {error.strerror}", "picture") from error
    read = svg.parse(content, path.name)
    if isinstance(read.problem, DataError):
        raise FilmError(f"{path.name}, line {read.problem.line}: {read.problem.message}", "picture")
    root = ET.fromstring(content)  # noqa: S314  (read above, and a document type refused)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else element.tag
        _check(element, path.name)
    seconds = _NUMBER.fullmatch(root.get("data-seconds", ""))
    given = [_STEP.fullmatch(step) for step in root.get("data-steps", "").split()]
    steps = tuple((float(step[1]), float(step[2])) for step in given if step)
    flat = [time for step in steps for time in step]
    if not seconds or not steps or not all(given) or flat != sorted(flat) or flat[-1] > float(seconds[0]):
        raise FilmError(
            f"{path.name}: <svg> must say how long the film is and when each step begins and is shown, in order: "
            'data-seconds="4" data-steps="0-0.7 1.3-1.6"',
            "picture",
        )
    if next(root.iter("animate"), None) is None:
        raise FilmError(f'{path.name}: nothing in it moves: it needs <animate begin="indefinite" ...>', "picture")
    return Scene(float(seconds[0]), steps, tuple(root.findall("svg")) or (root,))


def _check(element: ET.Element, name: str) -> None:
    if element.tag in _REFUSED:
        raise FilmError(f"{name}: take out <{element.tag}>: shapes, text and <animate> make a film", "picture")
    for key in element.attrib:
        if key == "style" or key.startswith("on"):
            raise FilmError(f'{name}: take out {key}="...": a page\'s own style sheet says how it looks', "picture")
        if key.startswith("{"):
            raise FilmError(f"{name}: take out '{key}': only SVG's own attributes are read", "picture")
    if element.tag == "svg" and len(_NUMBER.findall(element.get("viewBox", ""))) != 4:
        raise FilmError(f"{name}: each <svg> must have a viewBox of four numbers", "picture")
    if element.tag == "animate":
        _check_track(element, name)


def _check_track(track: ET.Element, name: str) -> None:
    values = [_NUMBER.sub("#", value).split() for value in track.get("values", "").split(";")]
    times = [float(time) if _NUMBER.fullmatch(time.strip()) else -1 for time in track.get("keyTimes", "").split(";")]
    if track.get("begin") != "indefinite":
        raise FilmError(f'{name}: <animate> must have begin="indefinite", or it moves unasked', "picture")
    if len(values) < 2 or any(value != values[0] for value in values):
        raise FilmError(f"{name}: the values of an <animate> must be alike but for their numbers", "picture")
    if len(times) != len(values) or times != sorted(times) or (times[0], times[-1]) != (0, 1):
        raise FilmError(f"{name}: an <animate> needs one of keyTimes for each of values, from 0 to 1", "picture")
    if not track.get("attributeName"):
        raise FilmError(f"{name}: an <animate> needs an attributeName", "picture")
