"""The look of every page in a real browser: nothing cut, moved, too small or too wide, in each mode and on paper.

Each measure is a function that names what is wrong on a page. Every page is loaded once for a size and measured
there; each gate is proven by the same measure finding a fault that is planted into a page.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.conftest import ROOT, Built
from tests.looks import rgb, tokens

Open = Callable[..., Page]
Found = dict[str, list[str]]

#: What stands in small print (16 px), beside or below what a reader came for.
SMALL = ".sources, .words, .page-foot, .references, .glossary .also, .sheet, .keep, .option, .people, .path"
#: Pages that put in what the reader wrote, which only a script can know, above what is in sight.
FILLED = {"tools/my-questions.html"}
#: Long pages with cards, pictures, figures of people and tables, for paper.
LONG = ("treatment/compare", "treatment/recovery", "treatment/surgery-or-clip")
#: What is left of paper less its margins, in CSS pixels: as narrow as A4, as low as Letter.
WIDTH, HEIGHT = 680, 942

WIDE = """() => {
    const root = document.scrollingElement, found = [], cuts = value => value === 'hidden' || value === 'clip';
    const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.clientWidth > 1
        && !e.closest('.md-sidebar, .md-search') && e.innerText.trim();
    if (root.scrollWidth > root.clientWidth) {
        const out = [...document.querySelectorAll('body *')].filter(e => e instanceof HTMLElement
            && e.getBoundingClientRect().right > root.clientWidth + 1 && seen(e));
        found.push(`the page is ${root.scrollWidth} wide: ${out.slice(-1).map(e => e.outerHTML.slice(0, 90))}`);
    }
    for (const e of document.querySelectorAll('body *')) {
        if (!(e instanceof HTMLElement)) continue;
        const wide = e.scrollWidth > e.clientWidth + 1, tall = e.scrollHeight > e.clientHeight + 1;
        if (!wide && !tall) continue;
        const style = getComputedStyle(e);
        if ((wide && cuts(style.overflowX) || tall && cuts(style.overflowY)) && seen(e))
            found.push(`cut: ${e.outerHTML.slice(0, 120)}`);
    }
    return found;
}"""

#: WCAG 1.4.12.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""

MOVES = """window.moved = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) moved.push(
        [entry.value, entry.sources.map(s => s.node?.outerHTML?.slice(0, 90) ?? s.node?.textContent)]);
}).observe({type: 'layout-shift', buffered: true});"""

#: To each picture before it is loaded, and to the end; then what moved, and which picture did not come.
SCROLL = """async () => {
    const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const there = image => image.complete || new Promise(done => image.onload = image.onerror = done);
    await document.fonts.ready;
    await frames();
    for (const image of document.querySelectorAll('article img')) {
        scrollTo(0, scrollY + image.getBoundingClientRect().top - 200);
        await frames();
        await there(image);
        await frames();
    }
    scrollTo(0, document.scrollingElement.scrollHeight);
    await frames();
    const lost = [...document.querySelectorAll('article img')].filter(image => !image.naturalWidth);
    return [...moved.map(String), ...lost.map(image => `not loaded: ${image.src}`)];
}"""

PICTURES = """() => [...document.querySelectorAll('article img')].flatMap(image => {
    const found = [], name = image.getAttribute('src'), box = image.getBoundingClientRect();
    const wide = Number(image.getAttribute('width')), tall = Number(image.getAttribute('height'));
    if (box.top + scrollY > innerHeight && image.loading !== 'lazy') found.push(`${name}: must be lazy`);
    if (!wide || !tall) found.push(`${name}: must have width and height`);
    else if (image.naturalWidth && Math.abs(wide / tall - image.naturalWidth / image.naturalHeight) > 0.01)
        found.push(`${name}: ${wide}x${tall} is not the shape of its file`);
    if (box.height && wide && Math.abs(box.width / box.height - wide / tall) > 0.02)
        found.push(`${name}: shown out of shape, ${box.width} x ${box.height}`);
    return found;
})"""

#: Lines of text with more than 75 letters, and blocks of text that is too small.
LINES = """small => {
    const long = [], tiny = [], lengths = [], range = document.createRange();
    const blocks = 'p, li, dd, dt, td, th, figcaption';
    for (const block of document.querySelectorAll('article :is(p, li, dd, dt, figcaption)')) {
        if (!block.checkVisibility() || block.closest('.next, table, svg, .word')) continue;
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        let line = '', right = -1, own = false;
        const close = () => {
            line = line.trim();
            if (line) lengths.push(line.length);
            if (line.length > 75) long.push(`${line.length}: ${line}`);
            line = '';
        };
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const holder = node.parentElement;
            if (!node.data.trim() || holder.closest(blocks) !== block || holder.closest('.headerlink, .word')) continue;
            own = true;
            for (const part of node.data.matchAll(/\\s*\\S+\\s*/g)) {
                range.setStart(node, part.index + part[0].search(/\\S/));
                range.setEnd(node, part.index + part[0].trimEnd().length);
                const boxes = range.getClientRects();
                if (!boxes.length) continue;
                if (boxes[0].left < right - 2) close();
                // A word that is broken, an address: what stands on its last line is not known, and never long.
                line = boxes.length > 1 ? '' : (line + part[0]).replace(/\\s+/g, ' ');
                right = boxes[boxes.length - 1].right;
            }
        }
        close();
        const size = parseFloat(getComputedStyle(block).fontSize);
        if (own && size < (block.closest(small) || block.tagName === 'FIGCAPTION' ? 13.5 : 18))
            tiny.push(`${size}px: ${block.outerHTML.slice(0, 100)}`);
    }
    return {long, tiny, lengths};
}"""

#: What is pressed and is lower than a finger needs.
TARGETS = """() => [...document.querySelectorAll(`.md-button, button:not(.term), summary, .next__link,
        .sections a, .letters a, .path ol a, #where-are-you + ul > li, .center-foot a,
        select, textarea, input, .md-header__button`)]
    .map(part => ['radio', 'checkbox'].includes(part.type) ? part.closest('label') ?? part : part)
    .filter(part => part.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && !part.closest('.md-sidebar, .md-search') && part.getBoundingClientRect().width > 1
        && part.getBoundingClientRect().height < 43.5)
    .map(part => `${part.getBoundingClientRect().height}px: ${part.outerHTML.slice(0, 140)}`)"""

#: A list of sections that does not lead to each section, in order; whether there is one, and whether it shows.
SECTIONS = """() => {
    const list = document.querySelector('details.sections');
    const heads = [...document.querySelectorAll('article h2[id]')]
        .filter(head => head.querySelector('.headerlink') && !head.closest('.page-foot, .keep, .mine'));
    const none = heads.length > 4 ? [`no list for ${heads.length} sections`] : [];
    if (!list) return {there: false, shown: false, wrong: none};
    const led = [...list.querySelectorAll('a')].map(a => document.getElementById(decodeURIComponent(a.hash.slice(1))));
    const wrong = led.flatMap((head, i) => head?.checkVisibility() ? [] : [`link ${i + 1} leads nowhere`]);
    const missed = heads.filter(head => !led.includes(head)).map(head => `not in the list: ${head.id}`);
    return {there: true, shown: list.checkVisibility(), wrong: [...wrong, ...missed]};
}"""

FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Seen:
    """What was found on all pages at one size."""

    wide: Found
    spaced: Found
    moved: Found
    pictures: Found
    targets: Found
    sections: dict[str, dict[str, Any]]
    lines: dict[str, dict[str, Any]]


def wrong(found: Found) -> list[str]:
    """One line for each finding, with its page."""
    return [f"{name}: {line}" for name, lines in found.items() for line in lines]


def pages(built: Built) -> Iterator[tuple[str, str]]:
    """Name and address of every page of the offline copy."""
    found = sorted(p for p in built.offline.rglob("*.html") if "assets" not in p.parts)
    assert len(found) >= 60
    for file in found:
        yield file.relative_to(built.offline).as_posix(), file.as_uri()


@pytest.fixture(scope="module")
def seen(chromium: Browser, built: Built) -> dict[str, Seen]:
    """Every page at four sizes, loaded once for each."""
    found = {}
    sizes = {"small": (320, 640), "phone": (390, 844), "desk": (1280, 800), "wall": (1920, 1080)}
    for size, (wide, tall) in sizes.items():
        found[size] = now = Seen({}, {}, {}, {}, {}, {}, {})
        plain, live = (
            chromium.new_context(
                viewport={"width": wide, "height": tall}, java_script_enabled=script, reduced_motion="reduce"
            ).new_page()
            for script in (False, True)
        )
        live.add_init_script(MOVES)
        for page in (plain, live):  # the first page in a browser moves by its font, which is read once
            page.goto((built.offline / "glossary.html").as_uri())
            page.evaluate("document.fonts.ready.then(() => true)")
        for name, address in pages(built):
            # On a wide screen scripts add nothing that is measured here, but on the pages with tools.
            page = live if wide < 1000 or (size == "desk" and name.startswith("tools/")) else plain
            page.goto(address)
            if size == "small":
                now.wide[name] = page.evaluate(WIDE)
                now.spaced[name] = spaced(page)
            if size == "phone":
                now.moved[name] = page.evaluate(SCROLL)
                if now.moved[name]:  # by the font, where the machine is slow; what moves by itself moves again
                    page.goto(address)
                    now.moved[name] = page.evaluate(SCROLL)
                now.pictures[name] = page.evaluate(PICTURES)
            if size in ("phone", "desk"):
                now.targets[name] = page.evaluate(TARGETS)
                now.sections[name] = page.evaluate(SECTIONS)
            if size in ("desk", "wall"):
                now.wide[name] = page.evaluate(WIDE)
                now.lines[name] = page.evaluate(LINES, SMALL)
        plain.context.close()
        live.context.close()
    return found


def spaced(page: Page) -> list[str]:
    """What is cut or too wide once a reader has set the spaces of WCAG 1.4.12."""
    page.evaluate(
        "css => document.head.append(Object.assign(document.createElement('style'), {textContent: css}))", SPACED
    )
    found: list[str] = page.evaluate(WIDE)
    return found


@pytest.fixture
def planted(chromium: Browser, built: Built, open_page: Open) -> Callable[..., Page]:
    """Opens a page with some HTML of a fault put before its second section."""

    def opened(html: str, *, name: str = "living/exercise", width: int = 390, **options: Any) -> Page:
        page = open_page(chromium, "about:blank", width=width, **options)
        page.add_init_script(MOVES)
        page.goto((built.offline / f"{name}.html").as_uri())
        page.evaluate(
            "html => document.querySelectorAll('article h2')[1].insertAdjacentHTML('beforebegin', html)", html
        )
        return page

    return opened


@pytest.mark.parametrize("size", ["small", "desk", "wall"])
def test_nothing_is_cut_or_wider_than_the_screen(seen: dict[str, Seen], size: str) -> None:
    """320 pixels are also 1280 at four times the size."""
    assert wrong(seen[size].wide) == []


def test_nothing_is_cut_with_wide_spaces(seen: dict[str, Seen]) -> None:
    assert wrong(seen["small"].spaced) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p style="width: 30rem">wide</p>', "the page is"),
        ('<p style="overflow: hidden; white-space: nowrap">A line that is cut, however much it has to say.</p>', "cut"),
        ('<p style="overflow: hidden; height: 1em">Words that are cut below, as there is no room for them.</p>', "cut"),
    ],
)
def test_what_is_cut_or_wide_is_seen(planted: Callable[..., Page], html: str, said: str) -> None:
    page = planted(html, width=320)
    found = page.evaluate(WIDE)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_what_wide_spaces_cut_is_seen(planted: Callable[..., Page]) -> None:
    page = planted(
        '<p style="overflow: hidden; height: 1.6em; white-space: nowrap">It fits as it is, but only just</p>', width=320
    )
    # As wide as its letters, whichever font they came in.
    page.evaluate("""() => {
        const p = document.querySelector('[style*=hidden]');
        p.style.cssText += '; width: max-content; max-width: none';
        p.style.width = `${Math.ceil(p.getBoundingClientRect().width)}px`;
    }""")
    assert page.evaluate(WIDE) == []
    assert len(spaced(page)) == 1


def test_no_page_moves_as_it_loads(seen: dict[str, Seen]) -> None:
    assert wrong({name: found for name, found in seen["phone"].moved.items() if name not in FILLED}) == []


def test_a_page_that_moves_is_seen(planted: Callable[..., Page]) -> None:
    page = planted("")
    page.evaluate("""() => document.querySelector('.page-foot').insertAdjacentHTML('beforebegin',
        '<img alt="" loading="lazy" src="../assets/pictures/valve-shut.svg?late">')""")
    assert len(page.evaluate(SCROLL)) == 1


def test_pictures_have_their_room_and_wait_their_turn(seen: dict[str, Seen]) -> None:
    assert wrong(seen["phone"].pictures) == []


def test_a_picture_without_its_room_is_seen(planted: Callable[..., Page]) -> None:
    image = '<p><img alt="" src="../assets/pictures/valve-shut.svg" {}></p>'
    page = planted(image.format('width="360" height="300"') + image.format("") + image.format('loading="lazy"'))
    page.wait_for_function("[...document.images].every(i => i.complete || i.loading === 'lazy')")
    said = [line.partition(": ")[2] for line in page.evaluate(PICTURES)]
    assert said.count("must be lazy") == 2
    assert said.count("must have width and height") == 2
    assert any("not the shape" in line for line in said)


#: Words of a picture that are too small where it is 320 px wide, or that leave it in a font 12% wider than ours.
LABELS = """() => {
    const root = document.documentElement, box = root.viewBox.baseVal;
    root.setAttribute('width', 320);
    root.setAttribute('height', 320 * box.height / box.width);
    const card = root.getBoundingClientRect();
    return [...root.querySelectorAll('text')].flatMap(text => {
        const style = getComputedStyle(text), at = text.getScreenCTM(), shown = text.getBoundingClientRect();
        const size = parseFloat(style.fontSize) * Math.hypot(at.a, at.b);
        const more = text.hasAttribute('textLength') ? 0 : shown.width * 0.12;
        const share = {start: 0, middle: 0.5, end: 1}[style.textAnchor];
        const left = shown.left - card.left - more * share, right = shown.right - card.left + more * (1 - share);
        const found = size < 14 ? [`${size.toFixed(1)} px: ${text.textContent}`] : [];
        if (left < 0 || right > card.width || shown.top < card.top || shown.bottom > card.bottom)
            found.push(`leaves the picture, ${left.toFixed()} to ${right.toFixed()}: ${text.textContent}`);
        return found;
    });
}"""


def test_the_words_of_pictures_are_large_enough_and_stay_within(
    chromium: Browser, built: Built, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(chromium, "about:blank", width=400)
    files = sorted((built.offline / "assets/pictures").glob("*.svg"))
    # A film stands in its page with its panes below each other: tests/test_film.py looks at it there.
    files = [file for file in files if "data-steps" not in file.read_text(encoding="utf-8")]
    assert len(files) > 50
    found = {}
    for file in files:
        page.goto(file.as_uri())
        found[file.name] = page.evaluate(LABELS)
    assert wrong(found) == []
    bad = tmp_path / "bad.svg"
    bad.write_text("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 100" font-family="sans-serif">
        <text x="10" y="30" font-size="15">small</text><g transform="scale(0.8)"><text x="10" y="60">smaller</text></g>
        <text x="180" y="60" font-size="20" text-anchor="middle" font-family="monospace"
            >It only just fits in a card.</text>
        </svg>""")
    page.goto(bad.as_uri())
    assert [line.split(":")[0].split(",")[0] for line in page.evaluate(LABELS)] == [
        "13.3 px",
        "11.4 px",
        "leaves the picture",
    ]


@pytest.mark.parametrize("warm", [False, True], ids=["first page", "later"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
def test_the_first_screen_of_home(
    chromium: Browser, built: Built, open_page: Open, width: int, height: int, warm: bool
) -> None:
    """All that a frightened reader needs, with the reader's own fonts too, until ours are read."""
    page = open_page(chromium, "about:blank", width=width)
    page.set_viewport_size({"width": width, "height": height})
    for _ in range(1 + warm):
        page.goto((built.offline / "index.html").as_uri())
    page.evaluate(FRAMES)
    assert page.locator("#where-are-you + ul > li").count() == len(PATHS)
    assert outside_first_screen(page) == []
    page.evaluate("document.querySelector('article').style.paddingTop = '30rem'")
    assert len(outside_first_screen(page)) >= len(PATHS)


def outside_first_screen(page: Page) -> list[str]:
    """What of home is not wholly on the first screen, below the name line."""
    found: list[str] = page.evaluate("""() => {
        const top = document.querySelector('.md-header').getBoundingClientRect().bottom;
        return ['h1', '.call-now', '#home-search', '.home-search button', '#where-are-you + ul > li']
            .flatMap(name => [...document.querySelectorAll(`article ${name}`)].map(part => [name, part]))
            .filter(([, part]) => { const box = part.getBoundingClientRect(); return !box.height || box.top < top - 1
                || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth; })
            .map(([name, part]) => `${name}: ${JSON.stringify(part.getBoundingClientRect())}`);
    }""")
    return found


@pytest.mark.parametrize("size", ["desk", "wall"])
def test_text_is_large_enough_in_lines_that_are_short_enough(seen: dict[str, Seen], size: str) -> None:
    lines = seen[size].lines
    assert wrong({name: found["tiny"] for name, found in lines.items()}) == []
    lengths = sorted(length for found in lines.values() for length in found["lengths"])
    assert len(lengths) > 5000, "lines were measured"
    assert lengths[len(lengths) // 2] <= 70
    assert lengths[len(lengths) * 49 // 50] <= 75, "but for one line in 50, of narrow letters"
    assert [line for line in wrong({name: found["long"] for name, found in lines.items()}) if length(line) > 80] == []


def length(line: str) -> int:
    """Of a line that LINES names as long."""
    return int(line.split(": ")[1])


def test_long_lines_and_small_print_are_seen(planted: Callable[..., Page]) -> None:
    page = planted(
        f'<p style="max-width: none">{"till it is fit " * 30}</p><p style="font-size: 17px">small</p>', width=1280
    )
    found = page.evaluate(LINES, SMALL)
    assert max(length(line) for line in wrong({"page": found["long"]})) > 80
    assert len(found["tiny"]) == 1


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_what_is_pressed_is_high_enough(seen: dict[str, Seen], size: str) -> None:
    assert wrong(seen[size].targets) == []


def test_a_low_target_is_seen(planted: Callable[..., Page]) -> None:
    page = planted('<button id="low" style="height: 40px">low</button><label><input type="radio">low</label>')
    assert len(page.evaluate(TARGETS)) == 2


class _Plain(yaml.SafeLoader):
    """Reads mkdocs.yml without what only MkDocs can make of it."""


_Plain.add_multi_constructor("!", lambda loader, suffix, node: None)
_Plain.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)
SITE = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Plain)
PATHS, WORDS = SITE["extra"]["paths"], SITE["extra"]["words"]


def test_a_page_stands_on_one_path_at_most_and_is_there(built: Built) -> None:
    steps = [step["page"] for path in PATHS for step in path["steps"]]
    assert sorted(set(steps)) == sorted(steps)
    assert [step for step in steps if not (built.offline / f"{step}.html").is_file()] == []


def walk(page: Page, folder: Path, door: int) -> list[str]:
    """The pages from a door of the start page by nothing but "next", and what each says about the step."""
    page.goto((folder / "index.html").as_uri())
    page.locator("#where-are-you + ul > li > a:first-child").nth(door).click()
    found: list[str] = []
    for _ in range(20):
        name = Path(page.evaluate("decodeURIComponent(location.pathname)")).relative_to(folder).as_posix()
        where = page.locator("details.path > summary")
        if not where.count():
            return [*found, name]
        here = page.locator("details.path [aria-current=step]").text_content()
        found.append(f"{name} | {' '.join((where.text_content() or '').split())} | {here}")
        page.locator("a.next__link--on").click()
    return [*found, "no end"]


def meant(path: dict[str, Any]) -> list[str]:
    """What ``walk`` must find on a path."""
    steps = path["steps"]
    said = [WORDS["path_step"].format(step=at, steps=len(steps)) for at in range(1, len(steps) + 1)]
    named = [f"{step['page']}.html | {path['name']}: {s} | {step['name']}" for step, s in zip(steps, said, strict=True)]
    return [*named, f"{SITE['extra']['questions']}.html"]


def test_each_door_leads_step_by_step_to_the_questions(chromium: Browser, built: Built, open_page: Open) -> None:
    page = open_page(chromium, "about:blank", java_script_enabled=False)
    for door, path in enumerate(PATHS):
        assert walk(page, built.offline, door) == meant(path)


def test_a_path_that_leads_astray_is_seen(chromium: Browser, built: Built, open_page: Open, tmp_path: Path) -> None:
    copy = tmp_path / "offline"
    shutil.copytree(built.offline, copy)
    second, third = (copy / f"{PATHS[0]['steps'][at]['page']}.html" for at in (1, 2))
    text = second.read_text(encoding="utf-8")
    assert text.count(f'rel="next" href="{third.name}"') == 1
    second.write_text(
        text.replace(f'rel="next" href="{third.name}"', 'rel="next" href="causes.html"'), encoding="utf-8"
    )
    page = open_page(chromium, "about:blank", java_script_enabled=False)
    assert walk(page, copy, 0) != meant(PATHS[0])


def test_the_list_of_sections_is_whole_on_a_phone_and_gone_on_a_desk(seen: dict[str, Seen]) -> None:
    phone, desk = seen["phone"].sections, seen["desk"].sections
    assert wrong({name: found["wrong"] for name, found in phone.items()}) == []
    assert sum(found["there"] for found in phone.values()) >= 30
    assert [name for name, found in phone.items() if found["there"] != found["shown"]] == []
    assert [name for name, found in desk.items() if found["shown"]] == []


def test_a_list_of_sections_that_misses_one_is_seen(planted: Callable[..., Page]) -> None:
    page = planted('<h2 id="more">More<a class="headerlink" href="#more">#</a></h2>')
    assert page.evaluate(SECTIONS)["wrong"] == ["not in the list: more"]
    page.evaluate("document.querySelector('.sections a').hash = '#gone'")
    assert "link 1 leads nowhere" in page.evaluate(SECTIONS)["wrong"]


def test_the_list_of_sections_leads_there(chromium: Browser, built: Built, open_page: Open) -> None:
    page = open_page(chromium, (built.offline / "living/exercise.html").as_uri(), width=390)
    links = page.locator(".sections a")
    assert links.count() > 4
    for number in range(links.count()):
        page.evaluate("scrollTo(0, 0)")
        page.locator(".sections").evaluate("list => list.open = true")
        links.nth(number).click()
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        top, tall, name = (
            page.evaluate("""() => { const target = document.querySelector(decodeURIComponent(location.hash));
            return [target.getBoundingClientRect().top,
                document.querySelector('.md-header').offsetHeight, target.id]; }""")
        )
        end = page.evaluate("scrollY + innerHeight >= document.scrollingElement.scrollHeight - 2")
        assert tall - 1 <= top <= 200 or (end and top < 844), name


SAMPLE = ("index", "treatment/compare", "tools/my-plan")


def shown_colors(page: Page) -> list[str]:
    """The ground of a page, and its words."""
    page.evaluate(FRAMES)
    found: list[str] = page.evaluate("""() => [getComputedStyle(document.body).backgroundColor,
        ...new Set([...document.querySelectorAll('article > p:not([class]), article h1, article li')]
            .filter(part => part.checkVisibility() && !part.closest('nav, .next, .red, .people'))
            .map(part => getComputedStyle(part).color))]""")
    return found


def without_focus(page: Page) -> list[str]:
    """Where the keyboard gets in its first steps, if that cannot be seen."""
    found = []
    for _ in range(9):
        page.keyboard.press("Tab")
        found += page.evaluate("""() => {
            const part = document.activeElement, style = getComputedStyle(part);
            if (part === document.body) return [];
            const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            const ground = document.body.computedStyleMap().get('background-color').toString();
            return seen && style.outlineColor !== ground ? [] : [part.outerHTML.slice(0, 100)];
        }""")
    return found


@pytest.mark.parametrize("more", [False, True], ids=["plain", "more contrast"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_scheme_has_its_own_colors(
    chromium: Browser, built: Built, open_page: Open, scheme: str, more: bool
) -> None:
    meant_colors = tokens(dark=scheme == "dark", contrast=more)
    page = open_page(chromium, "about:blank", color_scheme=scheme, contrast="more" if more else "no-preference")
    for name in SAMPLE:
        page.goto((built.offline / f"{name}.html").as_uri())
        assert shown_colors(page) == [rgb(meant_colors["paper"]), rgb(meant_colors["ink"])], name
        assert without_focus(page) == [], name
        focus = page.evaluate("getComputedStyle(document.activeElement).outlineColor")
        assert focus == rgb(meant_colors["focus"]), name
    assert (tokens(dark=scheme == "dark", contrast=True)["ink"] != tokens(dark=scheme == "dark")["ink"]) is True
    page.add_style_tag(content="article li { color: #777 } :focus-visible { outline: none !important }")
    assert len(shown_colors(page)) == 3
    assert without_focus(page)


def test_colors_forced_by_the_reader_are_kept(chromium: Browser, built: Built, open_page: Open) -> None:
    page = open_page(chromium, "about:blank", forced_colors="active")
    for name in SAMPLE:
        page.goto((built.offline / f"{name}.html").as_uri())
        page.evaluate("""() => document.body.insertAdjacentHTML('beforeend',
            '<p id="own" style="background: Canvas; color: CanvasText">own</p>')""")
        own = page.evaluate("[getComputedStyle(own).backgroundColor, getComputedStyle(own).color]")
        assert shown_colors(page) == own, name
        assert without_focus(page) == [], name
        bare = page.evaluate("""() => [...document.querySelectorAll(
                '.next__link, .md-button, #where-are-you + ul > li, .call-now, .home-search input, .option')]
            .filter(part => part.checkVisibility() && getComputedStyle(part).borderTopStyle === 'none')
            .map(part => part.outerHTML.slice(0, 100))""")
        assert bare == [], name
    page.add_style_tag(content="article li { forced-color-adjust: none; color: #777 }")
    assert shown_colors(page) != own


RUNNING = """() => [...document.querySelectorAll('html, body, body *')].filter(part => {
    const style = getComputedStyle(part), time = list => Math.max(...list.split(',').map(parseFloat));
    return style.scrollBehavior === 'smooth' || part.checkVisibility({visibilityProperty: true}) && (
        (time(style.transitionDuration) > 0.01 && style.transitionProperty !== 'none')
        || (style.animationName !== 'none' && time(style.animationDuration) > 0.01));
}).map(part => part.outerHTML.slice(0, 100))"""


def test_nothing_moves_for_who_asked_for_less(chromium: Browser, built: Built, open_page: Open) -> None:
    page = open_page(chromium, "about:blank", reduced_motion="reduce")
    for name in SAMPLE:
        page.goto((built.offline / f"{name}.html").as_uri())
        assert page.evaluate(RUNNING) == [], name
    page.add_style_tag(content="h1.h1, article h1 { transition: color 1s !important }")
    assert len(page.evaluate(RUNNING)) == 1


@dataclass
class Paper:
    """A page on paper."""

    read: PdfReader

    @property
    def text(self) -> str:
        """All that is said on it."""
        return bare("".join(sheet.extract_text() for sheet in self.read.pages))

    def lines(self) -> list[list[str]]:
        """The lines of each sheet as the eye meets them, from the top down."""
        return [sheet.extract_text(extraction_mode="layout").splitlines() for sheet in self.read.pages]

    def colors(self) -> set[bytes]:
        """The colors that it is drawn with, its pictures too."""
        found: set[bytes] = set()

        def draw(part: Any, resources: Any) -> None:
            found.update(re.findall(rb"[\d.]+ [\d.]+ [\d.]+ (?=rg|RG)", part.get_data()))
            for form in (held.get_object() for held in (resources.get("/XObject") or {}).values()):
                if form.get("/Subtype") == "/Form":
                    draw(form, form.get("/Resources") or {})

        for sheet in self.read.pages:
            draw(sheet.get_contents(), sheet["/Resources"])
        return found


def bare(text: str) -> str:
    """A text without its spaces, which a printed page may break anywhere."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def on_paper(page: Page, paper: str = "A4") -> Paper:
    """What a page prints."""
    return Paper(PdfReader(BytesIO(page.pdf(format=paper))))


def last_headings(printed: Paper, headings: list[str]) -> list[str]:
    """Headings that end a sheet, so that what they announce is on the next."""
    found = []
    for number, sheet in enumerate(printed.lines()[:-1], 1):
        lines = [bare(line) for line in sheet if line.strip()]
        ends = {"".join(lines[-count:]) for count in (1, 2, 3)}
        found += [f"sheet {number}: {heading}" for heading in headings if bare(heading) in ends]
    return found


def headings(page: Page) -> list[str]:
    found: list[str] = page.evaluate("""() => [...document.querySelectorAll('article :is(h2, h3)')]
        .map(head => { const copy = head.cloneNode(true);
            copy.querySelectorAll('.headerlink, .cite').forEach(part => part.remove());
            return copy.textContent.trim(); })""")
    return found


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("name", LONG)
def test_a_long_page_on_paper(hosted: str, chromium: Browser, open_page: Open, name: str, paper: str) -> None:
    page = open_page(chromium, f"{hosted}{name}/", color_scheme="dark")
    before = page.evaluate("[...document.querySelectorAll('article img')].map(i => i.currentSrc || i.src)")
    meanings = page.evaluate("[...document.querySelectorAll('.word')].map(word => word.textContent)")
    page.evaluate("""() => document.querySelectorAll('article h2')[2].insertAdjacentHTML('afterend',
        '<details><summary>Folded</summary><p>What was folded up.</p></details>')""")
    printed = on_paper(page, paper)
    text = printed.text
    assert bare("What was folded up.") in text
    assert meanings
    assert [word for word in meanings if bare(word) not in text] == []
    assert bare(WORDS["checked"]) in text
    assert re.search(bare(WORDS["next_check"]) + r"\d{1,2}[A-Z][a-z]+20\d\d\.", text)
    last = page.locator(".sources li p, .sources li").last.evaluate("part => part.firstChild.textContent")
    assert bare(last)[:40] in text
    address = page.locator("link[rel=canonical]").get_attribute("href") or ""
    assert address.endswith(f"/{name}/")
    assert bare(address) in text
    assert last_headings(printed, headings(page)) == []
    for source in before:
        label = re.findall(r"<text[^>]*>([^<]+)<", page.request.get(source).text())[0]
        assert bare(label) in text, source


def test_what_is_not_on_paper_is_missed(hosted: str, chromium: Browser, open_page: Open) -> None:
    page = open_page(chromium, f"{hosted}living/exercise/")
    address, meaning = page.evaluate("""() => [document.querySelector('link[rel=canonical]').href,
        document.querySelector('.word').textContent]""")
    drawn = page.request.get(page.locator("article img").first.evaluate("image => image.src")).text()
    label = re.findall(r"<text[^>]*>([^<]+)<", drawn)
    parts = [bare(address), bare(meaning), bare(label[0]), bare(WORDS["checked"])]
    assert [part in on_paper(page).text for part in parts] == [True] * 4
    page.evaluate("document.querySelectorAll('.page-foot, .word, article img').forEach(part => part.remove())")
    assert [part in on_paper(page).text for part in parts] == [False] * 4


def test_paper_is_light_whatever_the_screen_shows(hosted: str, chromium: Browser, open_page: Open) -> None:
    """Pictures too: the colors that are drawn with are the same."""
    page = open_page(chromium, f"{hosted}{LONG[1]}/", color_scheme="dark")
    printed = on_paper(page).colors()
    page.emulate_media(color_scheme="dark", media="screen")
    assert printed.isdisjoint(on_paper(page).colors() - {b"0 0 0 ", b"1 1 1 "}), "the dark of the screen would be seen"
    page.emulate_media(color_scheme="light", media="null")
    page.evaluate(FRAMES)
    assert len(printed) > 5
    assert printed == on_paper(page).colors()


#: What has no use on paper but shows there; a card or figure that may be split, or is taller than a sheet.
ON_PAPER = """tall => {
    const gone = [...document.querySelectorAll(`.md-header, .md-sidebar, .md-search, .home-search,
            .path, .sections, .next, .center-foot, .md-top, .headerlink, .places, .back, .keep,
            .add-question, .my-count`)]
        .filter(part => part.checkVisibility() && part.getClientRects().length).map(part => `shows: ${part.className}`);
    const arrows = [...document.querySelectorAll('#where-are-you + ul > li')]
        .filter(door => { const arrow = getComputedStyle(door, '::after');
            return arrow.content !== 'none' && arrow.display !== 'none'; }).map(() => 'shows: the arrow of a door');
    const parts = document.querySelectorAll('article :is(figure:not(.film), .film__scene, .option)');
    const whole = [...parts].flatMap(part => {
        const found = [], name = part.className, high = part.getBoundingClientRect().height;
        if (!getComputedStyle(part).breakInside.startsWith('avoid')) found.push(`may be split: ${name}`);
        if (high > tall) found.push(`higher than a sheet, ${high}: ${name}`);
        return found;
    });
    return [...gone, ...arrows, ...whole];
}"""


def test_every_page_is_a_leaflet_on_paper(built: Built, chromium: Browser, open_page: Open) -> None:
    page = open_page(chromium, "about:blank", width=WIDTH, java_script_enabled=False)
    page.emulate_media(media="print")
    found = {}
    for name, address in pages(built):
        page.goto(address)
        found[name] = page.evaluate(ON_PAPER, HEIGHT) + page.evaluate(WIDE)
    assert wrong(found) == []
    page.evaluate("""() => document.querySelector('article').insertAdjacentHTML('beforeend',
        '<nav class="next" style="display: block !important">on</nav>'
        + '<figure style="height: 1100px; break-inside: auto">')""")
    said = [line.split(":")[0].split(",")[0] for line in page.evaluate(ON_PAPER, HEIGHT)]
    assert said == ["shows", "may be split", "higher than a sheet"]


def test_a_heading_at_the_end_of_a_sheet_is_seen(hosted: str, chromium: Browser, open_page: Open) -> None:
    page = open_page(chromium, f"{hosted}living/exercise/")
    page.add_style_tag(content="article h2 { break-after: page !important }")
    assert len(last_headings(on_paper(page), headings(page))) > 3
