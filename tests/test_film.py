"""A picture that moves when the reader asks: what the block writes and refuses, and what a reader's browser does."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import markdown
import pictures
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import ROOT, Built
from tests.test_any_browser import Open, watched
from tests.test_tools_questions import told
from tests.test_tools_sheets import faults

PAGE = "understand/"
SHOWN = ROOT / "overrides/assets/pictures/film-beat.svg"
REFERENCES = """\
- id: first
  type: webpage
  title: A page
  URL: https://www.example.org/page
  custom: {kind: patient-page, supports: x, confidence: known}
"""
WHEEL = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" aria-labelledby="t d"
  data-seconds="2" data-steps="0-0.5 1-1.5">
  <title id="t">A wheel &amp; its &lt;road&gt;</title>
  <desc id="d">A wheel rolls.</desc>
  <style>.wheel { fill: #1d4f57 }</style>
  <!-- The road. -->
  <path id="road" d="M0 16L40 16"/><use href="#road"/><path fill="url(#road)" d="M0 0"/>
  <circle class="wheel" cx="8" cy="10" r="6">
    <animate attributeName="cx" begin="indefinite" dur="2s" keyTimes="0;0.5;1" values="8;32;8"/>
  </circle>
</svg>
"""
FILM = """\
/// film
picture: wheel.svg
title: A *wheel* <b>
about: It rolls there and back.
source: first
steps:
  - It rolls there.
  - It rolls back.
///
"""


@pytest.fixture
def convert(tmp_path: Path) -> Callable[..., str]:
    """Markdown to HTML, over a folder with one picture."""
    (tmp_path / "references.yml").write_text(REFERENCES)
    options: dict[str, dict[str, Any]] = {
        "center.markdown.citations": {
            "references": str(tmp_path / "references.yml"),
            "style": str(ROOT / "docs/american-medical-association.csl"),
            "words": dict.fromkeys(("sources", "source", "back", "places", "read", "verified", "known"), "words"),
        },
        "center.markdown.film": {"references": str(tmp_path / "references.yml"), "pictures": str(tmp_path)},
    }

    def converted(text: str, picture: str = WHEEL) -> str:
        if picture:
            (tmp_path / "wheel.svg").write_text(picture)
        return markdown.markdown(text, extensions=list(options), extension_configs=options)

    return converted


def test_a_film_is_a_still_picture_and_its_steps(convert: Callable[..., str]) -> None:
    root = ET.fromstring(f"<div>{convert(FILM + chr(10) + FILM)}</div>")
    films = root.findall("figure")
    assert [film.attrib for film in films] == [{"class": "film", "data-film": "wheel", "data-seconds": "2"}] * 2
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for number, film in enumerate(films, 1):
        assert film.findtext("figcaption/strong") == "A *wheel* <b>"
        assert film.find("figcaption/span/sup") is not None, "a citation is read"
        steps = film.findall("ol/li")
        assert [(s.get("data-from"), s.get("data-at"), s.text) for s in steps] == [
            ("0", "0.5", "It rolls there."),
            ("1", "1.5", "It rolls back."),
        ]
        (svg,) = film.iter("svg")
        assert (svg.get("role"), svg.findtext("title")) == ("img", "A wheel & its <road>")
        assert [e.get("id") for e in svg if e.tag in ("title", "desc")] == (svg.get("aria-labelledby") or "").split()
        own = f"film-{number}-1-road"
        _, _, road, use, path, _ = svg
        assert (road.get("id"), use.get("href"), path.get("fill")) == (own, f"#{own}", f"url(#{own})")
        assert {e.get("begin") for e in svg.iter("animate")} == {"indefinite"}


def test_the_page_gets_no_style_script_or_handler(convert: Callable[..., str]) -> None:
    """A careful host's policy would refuse them."""
    more = FILM.replace("  - It rolls back.\n", "  - It rolls back.\n" * 3)
    for html in (convert(FILM), convert(more, SHOWN.read_text(encoding="utf-8"))):
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=|javascript:|<!--", html)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("picture: wheel.svg\n", "", "'picture' is missing"),
        ("wheel.svg", "gone.svg", "the picture 'gone.svg' must be readable"),
        ("wheel.svg", "../wheel.svg", "'../wheel.svg' must be the name of a picture's file"),
        ("title: A *wheel* <b>", "title: [a]", "'title' must be a few words"),
        ("about:", "abuot:", "unknown key 'abuot'"),
        ("source: first", "source: third", "'third' is not in the references"),
        ("steps:\n  - It rolls there.\n  - It rolls back.\n", "", "'steps' is missing"),
        ("steps:\n  - It rolls there.\n  - It rolls back.\n", "steps: It rolls.\n", "'steps' must be a list"),
        ("  - It rolls back.\n", "", "'steps' must be a list of 2 or more"),
        ("  - It rolls back.\n", "  - It rolls back.\n  - It stands.\n", "the picture has 2 steps"),
        ("\n///\n", "\n", "needs a line '///' at its end"),
        ("/// film", "/// flim", "not understood"),
    ],
)
def test_a_wrong_film_raises(convert: Callable[..., str], old: str, new: str, said: str) -> None:
    assert old in FILM
    with pytest.raises(ValueError, match=re.escape(said)):
        convert("Before.\n\n" + FILM.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</svg>", "", "wheel.svg, line 12: valid XML is needed here"),
        ("<svg", "<!DOCTYPE svg><svg", "take out the <!DOCTYPE ...>"),
        ("<svg", "<svg onload='x()'", "take out onload"),
        ("<circle", "<circle style='r: 1px'", "take out style"),
        ("<desc", "<script>x()</script><desc", "take out <script>"),
        ("<use ", "<use xmlns:x='http://www.w3.org/1999/xlink' x:href='#road' ", "only SVG's own attributes"),
        (' viewBox="0 0 40 20"', "", "must have a viewBox"),
        ('data-seconds="2"', "", "must say how long the film is"),
        (' data-steps="0-0.5 1-1.5"', "", "when each step begins"),
        ("1-1.5", "1-2.5", "when each step begins"),
        ("0-0.5 1", "1-0.5 1", "when each step begins"),
        ("0-0.5 1", "0 1", "when each step begins"),
        (re.search(r" +<animate.*\n", WHEEL)[0], "", "nothing in it moves"),  # type: ignore[index]
        (' begin="indefinite"', "", "it moves unasked"),
        (' attributeName="cx"', "", "an attributeName"),
        ("8;32;8", "8;a;8", "alike but for their numbers"),
        ("8;32;8", "8;32", "one of keyTimes for each of values"),
        ("0;0.5;1", "0;0.5;0.9", "from 0 to 1"),
        ("0;0.5;1", "0;x;1", "from 0 to 1"),
    ],
)
def test_a_wrong_picture_raises(convert: Callable[..., str], old: str, new: str, said: str) -> None:
    assert old in WHEEL
    with pytest.raises(ValueError, match=re.escape(said)):
        convert(FILM, WHEEL.replace(old, new, 1))


def test_the_look_of_films_is_that_of_their_pictures() -> None:
    """What 'make pictures' writes is in step with the pictures and the list of colors."""
    dark = pictures.palette(pictures.PALETTE)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(pictures.PICTURES.glob("*.svg"))}
    assert [name for name, text in texts.items() if pictures.with_dark(text, dark) != text] == []
    films = {name: text for name, text in texts.items() if "data-steps=" in text}
    assert "film-beat" in films
    assert pictures.FILMS.read_text(encoding="utf-8") == pictures.films_style(films, dark)


Span = tuple[float, float]


def spans(track: ET.Element, holds: Callable[[list[bool]], bool], value: str) -> list[Span]:
    """The spans of a track, as shares of the film, by which of their two ends have a value."""
    times = [float(time) for time in (track.get("keyTimes") or "").split(";")]
    same = [one == value for one in (track.get("values") or "").split(";")]
    return [(times[i], times[i + 1]) for i in range(len(times) - 1) if holds(same[i : i + 2])]


def overlap(some: list[Span], others: list[Span]) -> bool:
    return any(a < end and start < b for start, end in some for a, b in others)


def test_blood_goes_the_way_that_it_goes() -> None:
    """Down only while the mitral valve is open; out, and back up, only while it is shut."""
    name = "{http://www.w3.org/2000/svg}"
    closes, leaks = ET.parse(SHOWN).getroot().findall(f"{name}svg")
    assert [pane.find(f".//{name}g[@class='leaking']") is not None for pane in (closes, leaks)] == [False, True]

    def unlike(same: list[bool]) -> bool:
        return not all(same)

    for pane in (closes, leaks):
        # The still picture is the squeeze: the flaps are shut in it, and the valve of the aorta open.
        flaps, (cusps,) = (pane.findall(f".//{name}path[@class='{part}']") for part in ("leaflet", "aortic"))
        flows = [group for group in pane.iter(f"{name}g") if group.get("class")]
        assert len(flaps) == 2
        assert {"filling", "leaving"} <= {flow.get("class") for flow in flows}
        for flow in flows:
            seen = spans(flow[0], unlike, "0")
            assert seen
            for flap in flaps:
                shut, ajar = (spans(flap[0], how, flap.get("d") or "") for how in (all, unlike))
                assert shut
                assert not overlap(seen, shut if flow.get("class") == "filling" else ajar), flow.get("class")
            if flow.get("class") != "filling":
                closed = spans(cusps[0], all, (cusps[0].get("values") or "").split(";")[0])
                assert closed
                assert flow.get("class") != "leaving" or not overlap(seen, closed)


# In a browser.


def drawn(page: Page) -> str:
    """All that moves, as it is drawn now."""
    found: str = page.evaluate(
        """() => [...document.querySelectorAll(".film animate")].map(track =>
            track.parentNode.getAttribute(track.getAttribute("attributeName"))).join("|")"""
    )
    return found


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]


def shape(page: Page, what: str = ".film svg:last-child .leaflet") -> dict[str, float]:
    """Where a part is on the screen, by what the browser has drawn."""
    box: dict[str, float] = page.evaluate(
        "what => (({x, y, width, height}) => ({x, y, width, height}))(document.querySelector(what).getBBox())", what
    )
    return box


def button(page: Page, name: str) -> Any:
    return page.locator(".film").get_by_role("button", name=told(f"film_{name}"), exact=True)


def current(page: Page) -> list[int]:
    """The steps that are marked as the one shown."""
    marks = page.locator(".film__steps > li").all()
    return [number for number, item in enumerate(marks, 1) if item.get_attribute("aria-current") == "step"]


def moment(page: Page) -> float:
    return float(page.locator(".film").get_attribute("data-moment") or "nan")


@pytest.fixture
def film(chromium: Browser, hosted: str, open_page: Open) -> Page:
    """The page, its clock ours."""
    page = open_page(chromium, "about:blank")
    page.clock.install(time=0)
    page.goto(hosted + PAGE)
    expect(button(page, "next")).to_be_visible()
    page.clock.pause_at(60_000)
    return page


def test_nothing_moves_before_it_is_asked_to(film: Page) -> None:
    before = drawn(film)
    film.clock.run_for(5_000)
    assert drawn(film) == before
    assert current(film) == []
    assert film.evaluate("document.querySelector('.film').getAnimations({subtree: true}).length") == 0
    assert film.evaluate("document.querySelector('.film [role=status]').textContent") == ""
    expect(button(film, "play")).to_be_visible()
    expect(button(film, "pause")).to_have_count(0)


def test_play_moves_and_pause_holds(film: Page) -> None:
    still = drawn(film)
    button(film, "play").click()
    film.clock.run_for(500)
    assert moment(film) == pytest.approx(0.5, abs=0.1)
    assert current(film) == [1]
    early, open_ = drawn(film), shape(film)
    film.clock.run_for(1_500)
    assert moment(film) == pytest.approx(2.0, abs=0.1)
    assert current(film) == [3]
    assert shape(film)["height"] < open_["height"], "the flap has shut"
    assert len({still, early, drawn(film)}) == 3
    assert film.locator(".film__said").text_content() == "", "what plays is not read aloud"
    button(film, "pause").click()
    held, then = drawn(film), moment(film)
    film.clock.run_for(3_000)
    assert (drawn(film), moment(film)) == (held, then)
    expect(button(film, "pause")).to_have_count(0)
    button(film, "play").click()
    film.clock.run_for(1_000)
    assert moment(film) == pytest.approx(then + 1, abs=0.1), "it goes on from where it was"
    film.clock.run_for(2_000)
    assert moment(film) == pytest.approx(then + 3 - 4, abs=0.1), "and begins anew at its end"


def test_each_step_shows_its_moment_and_is_told(film: Page) -> None:
    still = drawn(film)
    steps = film.locator(".film__steps > li")
    texts, times = steps.all_text_contents(), [float(i.get_attribute("data-at") or "") for i in steps.all()]
    shown = []
    for number in (1, 2, 3, 4, 1):
        button(film, "next").click()
        assert current(film) == [number]
        assert moment(film) == times[number - 1]
        shown.append(drawn(film))
        expect(film.locator(".film__said")).to_have_text(
            told("film_step", number=number, count=4, text=texts[number - 1])
        )
        film.clock.run_for(2_000)
        assert drawn(film) == shown[-1], "a step stands"
    assert shown[0] == shown[4]
    assert len(set(shown)) == 4
    for number in (4, 3):
        button(film, "previous").click()
        assert current(film) == [number]
        assert drawn(film) == shown[number - 1]
    # The still picture is the squeeze, but for the drops within the arrows.
    parts = list(zip(still.split("|"), shown[2].split("|"), strict=True))
    assert {a for a, b in parts if numbers(a) != pytest.approx(numbers(b), abs=0.1)} == {"0"}
    button(film, "play").click()
    film.clock.run_for(300)
    button(film, "next").click()
    film.clock.run_for(2_000)
    assert current(film) == [4], "a step stops what plays"
    assert drawn(film) == shown[3]


def test_where_motion_is_unwelcome_there_are_steps_alone(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + PAGE, reduced_motion="reduce")
    expect(button(page, "next")).to_be_visible()
    expect(page.locator(".film button")).to_have_count(3)
    expect(button(page, "play")).to_be_hidden()
    before = drawn(page)
    button(page, "next").click()
    assert current(page) == [1]
    assert drawn(page) != before, "at once"
    page.emulate_media(reduced_motion="no-preference")
    button(page, "play").click()
    expect(button(page, "pause")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    expect(button(page, "pause")).to_be_hidden()
    held = drawn(page)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert drawn(page) == held, "a wish that comes later counts too"


def test_without_scripts_there_is_a_still_picture_and_a_list(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + PAGE, java_script_enabled=False)
    expect(page.locator(".film svg")).to_have_count(2)
    expect(page.locator(".film .leaking")).to_be_visible()
    expect(page.locator(".film__steps > li")).to_have_count(4)
    expect(page.locator(".film button")).to_have_count(0)
    assert page.locator(".film .leaking").get_attribute("opacity") == "1"
    assert page.locator(".film .filling").first.get_attribute("opacity") == "0"


def test_paper_has_the_still_picture_and_no_controls(film: Page) -> None:
    still = drawn(film)
    button(film, "next").click()
    step = drawn(film)
    assert step != still
    film.evaluate(
        "addEventListener('beforeprint', () => { window.printed = document.querySelector('.film').outerHTML })"
    )
    film.pdf()
    assert 'class="leaking" opacity="1"' in film.evaluate("printed")
    assert drawn(film) == step, "and goes back"
    film.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert drawn(film) == still
    film.emulate_media(color_scheme="dark")
    expect(film.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    film.emulate_media(color_scheme="dark", media="print")
    for part in (".film__controls", ".film__said"):
        expect(film.locator(part)).to_be_hidden()
    expect(film.locator(".film__steps > li").last).to_be_visible()
    assert film.evaluate("getComputedStyle(document.querySelector('.film .card')).fill") == "rgb(253, 251, 247)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, hosted: str, open_page: Open, scheme: str) -> None:
    page = open_page(chromium, hosted + PAGE, color_scheme=scheme)
    errors = watched(page)
    page.reload()
    card = page.evaluate("getComputedStyle(document.querySelector('.film .card')).fill")
    assert card == {"light": "rgb(253, 251, 247)", "dark": "rgb(22, 38, 43)"}[scheme]
    button(page, "next").click()
    page.mouse.move(0, 0)
    assert faults(page) == []
    button(page, "play").click()
    assert faults(page) == []
    assert not errors


def test_by_keyboard_on_a_small_screen(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + PAGE, width=320)
    for name in ("play", "previous", "next"):
        box = button(page, name).bounding_box()
        assert box["width"] >= 44, name
        assert box["height"] >= 44, name
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    # Real size of the smallest words in the picture.
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".film text")].map(text =>
            parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    )
    assert len(sizes) > 10
    assert min(sizes) >= 14
    button(page, "play").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert current(page) == [1]
    outline = page.evaluate("(s => s.outlineStyle + s.outlineWidth)(getComputedStyle(document.activeElement))")
    assert not outline.startswith("none"), outline
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert current(page) == [4]


def test_a_careful_host_has_nothing_to_refuse(chromium: Browser, hosted: str, open_page: Open) -> None:
    def strict(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "default-src 'self'"})

    page = open_page(chromium, "about:blank")
    page.route(f"**/{PAGE}", strict)
    page.add_init_script(
        """window.broken = []; addEventListener("securitypolicyviolation", e =>
            broken.push([e.sourceFile, e.target.closest && e.target.closest(".film") ? "film" : ""].join(" ")))"""
    )
    page.goto(hosted + PAGE)
    button(page, "next").click()
    button(page, "play").click()
    expect(button(page, "pause")).to_be_visible()
    expect(page.locator(".film")).to_have_attribute("data-moment", re.compile(r"^1\."))  # its clock moves
    assert [said for said in page.evaluate("broken") if "film" in said] == []


def test_from_a_folder_and_in_any_browser(browser: Browser, built: Built, open_page: Open) -> None:
    page = open_page(browser, "about:blank")
    errors = watched(page)
    page.goto((built.offline / f"{PAGE}index.html").as_uri())
    before = shape(page)
    button(page, "next").click()
    assert current(page) == [1]
    assert shape(page)["height"] > before["height"], "the flap hangs down"
    button(page, "play").click()
    page.wait_for_function("Number(document.querySelector('.film').dataset.moment) > 1.6")
    assert not errors


def test_pages_without_a_film_load_nothing_of_it(built: Built) -> None:
    with_film = {
        file.relative_to(built.site).as_posix()
        for file in built.site.rglob("*.html")
        if re.search(r"film\.js|films\.css", file.read_text(encoding="utf-8"))
    }
    shows = {
        file.relative_to(built.site).as_posix()
        for file in built.site.rglob("*.html")
        if 'class="film"' in file.read_text(encoding="utf-8")
    }
    assert with_film == shows == {f"{PAGE}index.html"}
