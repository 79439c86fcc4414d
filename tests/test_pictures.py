"""Pictures, colors and fonts as they lie in the tree: of one hand, far enough apart, and written by their commands."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from io import BytesIO
from itertools import product
from pathlib import Path

import fonts
import markdown
import pictures
import pytest
import yaml
from center.finding import DataError
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from tests.conftest import ROOT
from tests.looks import TOKENS, contrast, rules, tokens

PICTURES = sorted(pictures.PICTURES.glob("*.svg"))
COLORS: dict[str, dict[str, str]] = yaml.safe_load(pictures.PALETTE.read_text(encoding="utf-8"))
CENTER = ROOT / "overrides/assets/stylesheets/center.css"

#: A picture of two colors of the list, one rule a line, as 'make pictures' reads it.
DRAWN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20">
  <style>
    .card { fill: #fdfbf7; stroke: #FDFBF7 }
    .line { stroke-width: 2 }
  </style>
  <path class="card"/>
</svg>
"""


def test_every_picture_has_its_dark_version() -> None:
    dark = pictures.palette(pictures.PALETTE)
    assert len(PICTURES) > 50
    stale = [
        path.name for path in PICTURES if pictures.with_dark(path.read_text("utf-8"), dark) != path.read_text("utf-8")
    ]
    assert stale == [], "run 'make pictures'"


def test_an_old_dark_version_is_written_anew() -> None:
    dark = {"#fdfbf7": "#16262b"}
    written = pictures.with_dark(DRAWN, dark)
    assert "      .card { fill: #16262b; stroke: #16262b }\n    }\n  </style>" in written
    assert pictures.with_dark(written, dark) == written
    assert pictures.with_dark(written.replace("#16262b", "#000000"), dark) == written
    assert pictures.with_dark(written, {"#fdfbf7": "#222222"}) != written


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#FDFBF7", "#123456", "3: #123456 is not one of the colors"),
        ("#FDFBF7", "#abc", "3: #abc is not one of the colors"),
        ('class="card"', 'fill="#fdfbf7"', "6: #fdfbf7 must be set by a rule"),
        ("<style>", "<g>", "1: it must have a <style>"),
    ],
)
def test_a_color_that_cannot_turn_dark_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(pictures.ColorError, match=re.escape(said)):
        pictures.with_dark(DRAWN.replace(old, new), {"#fdfbf7": "#16262b"})


def test_two_names_for_one_color_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "pictures.yml"
    file.write_text('a: { light: "#fdfbf7", dark: "#000000" }\nb: { light: "#fdfbf7", dark: "#111111" }\n')
    with pytest.raises(pictures.ColorError, match=re.escape("pictures.yml: b: another color has the same light form")):
        pictures.palette(file)


def test_the_command_names_the_file_and_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.svg").write_text(DRAWN.replace("#FDFBF7", "#123456"))
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    assert pictures.main() == 1
    assert capsys.readouterr().err.startswith("bad.svg:3: #123456")


#: (color, what it lies on, how far apart). A mark holds one large bold number or sign, so 4.5 is enough there.
APART = [
    ("ink", "paper", 7.0),
    ("pointer", "paper", 7.0),
    ("on ink", "ink", 7.0),
    *(("on ink", mark, 4.5) for mark in ("red", "blue", "now", "today", "fine")),
    *product(("valve", "red", "blue", "outline"), ("blood", "muscle", "paper"), (3.0,)),
]


def too_close(colors: dict[str, dict[str, str]]) -> list[str]:
    return [
        f"{scheme}: {one} on {other}: {found:.2f}, not {least}"
        for scheme in ("light", "dark")
        for one, other, least in APART
        if (found := contrast(colors[one][scheme], colors[other][scheme])) < least
    ]


def test_colors_of_pictures_are_far_apart() -> None:
    assert too_close(COLORS) == []


def test_colors_that_are_too_close_are_seen() -> None:
    faded = COLORS | {"red": {"light": "#e08070", "dark": COLORS["red"]["dark"]}}
    assert [line.split(": ")[1] for line in too_close(faded)] == [
        "on ink on red",
        "red on blood",
        "red on muscle",
        "red on paper",
    ]
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


WORDS, GROUNDS = (
    ("ink", "ink-quiet", "link", "brand", "alert"),
    ("paper", "raised", "quiet", "brand-back", "alert-back"),
)
PARTS = ("line", "red", "amber", "green", "focus", "person", "person-line")


def faint(colors: dict[str, str]) -> list[str]:
    """Pairs of tokens that weak eyes cannot tell apart."""
    pairs = [(word, ground, 7.0) for word, ground in product(WORDS, GROUNDS)] + [("on-brand", "brand", 7.0)]
    pairs += [(part, ground, 3.0) for part, ground in product(PARTS, ("paper", "raised"))]
    return [
        f"{one} on {other}: {found:.2f}, not {least}"
        for one, other, least in pairs
        if (found := contrast(colors[one], colors[other])) < least
    ]


@pytest.mark.parametrize("more", [False, True], ids=["plain", "more contrast"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_and_parts_of_the_site_are_far_from_their_ground(dark: bool, more: bool) -> None:
    assert faint(tokens(dark=dark, contrast=more)) == []


def test_a_faint_token_is_seen() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    assert faint(tokens(dark=False, css=css.replace("--center-alert: #8a1c12", "--center-alert: #b3261e")))
    assert faint(tokens(dark=True, css=css.replace("--center-line: #7d9094", "--center-line: #45585c")))


def literals(css: str) -> list[str]:
    """Colors in a style that no token names; shadows are shades of black."""
    names = "white|black|red|green|blue|gr[ae]y|silver|orange|yellow|teal|navy|maroon|purple"
    wrong = re.compile(
        rf"#[0-9a-f]{{3,8}}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([^)]*\)|(?<![\w-])(?:{names})(?![\w-])",
        re.I,
    )
    values = [value for _, _, body in rules(css) for value in re.findall(r":([^;]+)", body)]
    return [c for value in values for c in wrong.findall(value) if not re.fullmatch(r"rgb\(0 0 0 / \d+%\)", c)]


def test_every_color_of_the_site_is_a_token() -> None:
    assert literals(CENTER.read_text(encoding="utf-8")) == []
    assert literals(
        ".a { color: #fff; b: 1px solid red; c: rgb(1 2 3); d: rgb(0 0 0 / 40%); e: var(--center-red) }"
    ) == [
        "#fff",
        "red",
        "rgb(1 2 3)",
    ]


def test_the_fonts_are_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fonts.FROM.is_dir(), "run 'make test', which installs it"
    assert fonts.main(["--check"]) == 0
    changed = tmp_path / "fonts.css"
    changed.write_text(fonts.TO.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(fonts, "ROOT", tmp_path)
    monkeypatch.setattr(fonts, "TO", changed)
    assert fonts.main(["--check"]) == 1
    assert "fonts.css: must be as 'make fonts' writes it" in capsys.readouterr().err


def shipped() -> list[TTFont]:
    """The fonts of the style sheet."""
    packed = re.findall(r"base64,([^\"]+)\"", fonts.TO.read_text(encoding="utf-8"))
    return [TTFont(BytesIO(b64decode(font))) for font in packed]


def counters(font: TTFont, glyph: str) -> int:
    """How many openings a letter has: its contours that turn the other way than its outer edge."""
    pen, areas = DecomposingRecordingPen(font.getGlyphSet()), []
    font.getGlyphSet()[glyph].draw(pen)
    area = AreaPen()
    for name, points in pen.value:
        if name == "moveTo":
            area = AreaPen()
        getattr(area, name)(*points)
        if name in ("closePath", "endPath"):
            areas.append(area.value)
    outer = max(areas, key=abs)
    return sum(part * outer < 0 for part in areas)


def test_the_zero_is_open() -> None:
    """Its stroke would make two openings of it, as the 8 has."""
    assert [[counters(font, glyph) for glyph in ("zero", "eight", "o", "one")] for font in shipped()] == [
        [1, 2, 1, 0]
    ] * 2
    whole = TTFont(fonts.FROM / fonts.FILES[400])
    assert counters(whole, "zero") == 2, "as it comes"


#: In names of the sources alone; the reader's own fonts have them.
LEFT: set[str] = set()


def test_every_letter_of_the_pages_is_in_the_fonts() -> None:
    files = [*sorted((ROOT / "docs/en").rglob("*.md")), ROOT / "docs/glossary.en.yml", ROOT / "mkdocs.yml"]
    used = set().union(*(path.read_text(encoding="utf-8") for path in files)) - {"\n"}
    named = set((ROOT / "docs/references.yml").read_text(encoding="utf-8")) - {"\n"}
    for font in shipped():
        has = {chr(code) for code in font.getBestCmap()}
        assert sorted(used - has) == []
        assert sorted(named - has) == sorted(LEFT)


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    """A theme with one picture, and one that has no size."""
    folder = tmp_path / "theme/assets/pictures"
    folder.mkdir(parents=True)
    (folder / "heart.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 419.6"/>\n')
    (folder / "broken.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360"/>\n')
    return tmp_path / "theme"


def converted(text: str, theme: Path) -> ET.Element:
    html = markdown.markdown(
        text,
        extensions=["attr_list", "center.markdown.pictures"],
        extension_configs={"center.markdown.pictures": {"theme": str(theme)}},
    )
    return ET.fromstring(f"<div>{html}</div>")


def test_pictures_become_a_figure_with_their_caption(theme: Path) -> None:
    heart = "![A heart](../assets/pictures/heart.svg)"
    root = converted(f"{heart}\n{heart}\n\n*Two **hearts**.*\n\nAfter.", theme)
    figure, after = root
    assert (figure.tag, figure.get("class")) == ("figure", "pictures")
    assert [child.tag for child in figure] == ["img", "img", "figcaption"]
    assert "".join(figure[2].itertext()) == "Two hearts."
    assert after.text == "After."
    assert figure[0].attrib == {
        "alt": "A heart",
        "src": "../assets/pictures/heart.svg",
        "width": "360",
        "height": "420",
        "loading": "lazy",
        "decoding": "async",
    }


def test_what_is_no_caption_and_no_figure_is_left_alone(theme: Path) -> None:
    heart = "![A heart](assets/pictures/heart.svg)"
    first, second = converted(f"{heart}\n\n*Not all* of it.", theme)
    assert [child.tag for child in first] == ["img"]
    assert second.tag == "p"
    within = converted(f"In a line {heart}.", theme)
    assert [child.tag for child in within] == ["p"]
    assert within[0][0].get("height") == "420"
    assert [child.tag for child in converted("*Only words.*", theme)] == ["p"]


def test_a_picture_that_is_not_there_is_left_to_the_check(theme: Path) -> None:
    image = converted("![Gone](assets/pictures/gone.svg)", theme)[0][0]
    assert image.get("src") == "assets/pictures/gone.svg"
    assert image.get("width") is None
    assert image.get("loading") == "lazy"


def test_a_picture_without_a_size_stops_the_build(theme: Path) -> None:
    with pytest.raises(DataError, match="must have a viewBox of four numbers"):
        converted("![Broken](assets/pictures/broken.svg)", theme)
