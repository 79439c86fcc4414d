"""What a page tells browsers, previews of links and search engines: icons, a card, addresses, structured data."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import build
import pytest
from center import center, run, site
from playwright.sync_api import Browser, Page, Route

from tests import icons
from tests.conftest import ROOT, Built, copy_center, has_gaps
from tests.test_build import edit, run_build

Open = Callable[..., Page]
HOME = "https://example.org/a-project/"
ICONS = ROOT / "overrides/assets/icons"
DATA = "overrides/partials/about-page-data.html"
SHORT = 12  # what a phone shows below an icon


@dataclass(frozen=True)
class Head:
    """What the head of a built page says."""

    title: str
    canonical: str
    named: dict[str, str]
    links: dict[str, str]
    data: list[dict[str, Any]]


def head(file: Path) -> Head:
    """Read it without the parser that the rule reads with."""
    text = file.read_text(encoding="utf-8")
    top = text[: text.index("</head>")]
    named = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', top)
    links = dict(re.findall(r'<link rel="([^"]*)"[^>]* href="([^"]*)"', top))
    graphs = [
        json.loads(inner) for inner in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    ]
    return Head(
        title=unescape(re.findall(r"<title>(.*?)</title>", top)[0]),
        canonical=links.get("canonical", ""),
        named={name: unescape(content) for name, content in named},
        links=links,
        data=[thing for graph in graphs for thing in graph["@graph"]],
    )


def pages(folder: Path) -> Iterator[tuple[str, Head]]:
    """Every page that is one of the center, with its place."""
    for file in sorted(folder.rglob("*.html")):
        if 'data-center="review"' in file.read_text(encoding="utf-8"):
            yield file.relative_to(folder).as_posix(), head(file)


def kinds(found: Head) -> list[str]:
    return [thing["@type"] for thing in found.data]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The center built by someone who gave no address."""
    root = copy_center(tmp_path_factory.mktemp("bare") / "center")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SITE_URL", raising=False)
        patch.delenv("REPO_URL", raising=False)
        return build.build(root, draft=has_gaps(root))[0]


def test_search_results_and_previews_read_well(built: Built) -> None:
    titles = set[str]()
    for name, found in pages(built.site):
        shown, description = found.named["og:title"], found.named["description"]
        assert found.title == ("Leaky mitral valve" if name == "index.html" else f"{shown} - Leaky mitral valve")
        assert found.title not in titles, name
        titles.add(found.title)
        assert len(found.title) <= 70, f"{name}: a search result shows no more"
        assert 50 <= len(description) <= 160, f"{name}: {len(description)} letters"
        assert found.named["og:description"] == description
        address = HOME + name.removesuffix("index.html")
        assert found.canonical == found.named["og:url"] == address
        assert found.named["og:type"] == ("website" if name == "index.html" else "article")
        assert found.named["twitter:card"] == "summary_large_image"
        assert found.named["og:image"] == f"{HOME}assets/icons/share.png"
        assert (built.site / "assets/icons/share.png").is_file()
    assert len(titles) == len(list((built.root / "docs/en").rglob("*.md")))
    missing = head(built.site / "404.html")
    assert missing.title == "This page is not here - Leaky mitral valve"
    assert (missing.canonical, missing.data) == ("", [])


def test_structured_data_says_what_each_page_is(built: Built) -> None:
    for name, found in pages(built.site):
        page = found.data[0]
        assert kinds(found)[0] == ("WebPage" if name.startswith(("about/", "tools/")) else page["@type"]), name
        assert page["url"] == found.canonical
        assert page["name"] == found.named["og:title"]
        assert page["dateModified"] in (built.site / name).read_text(encoding="utf-8").split("page-foot")[-1]
        assert "lastReviewed" not in page and "reviewedBy" not in page, "nobody has reviewed it"
        assert (page["@type"] == "MedicalWebPage") == ("about" in page), name
        steps = [thing["itemListElement"] for thing in found.data if thing["@type"] == "BreadcrumbList"]
        assert len(steps) == (name != "index.html"), name
        for one in steps:
            assert [step["position"] for step in one] == list(range(1, len(one) + 1))
            assert (one[0]["item"], one[-1]["item"]) == (HOME, page["url"])
    clip = head(built.site / "treatment/teer/index.html")
    assert kinds(clip) == ["MedicalWebPage", "BreadcrumbList"]
    assert [step["name"] for step in clip.data[1]["itemListElement"]][1:] == ["Treatment", "Clip repair (TEER)"]
    assert clip.data[0]["audience"]["audienceType"] == "Patient"


def test_the_condition_is_told_once_in_words_that_the_pages_have(built: Built) -> None:
    whole = [(name, thing) for name, found in pages(built.site) for thing in found.data if "alternateName" in thing]
    assert [name for name, _ in whole] == ["understand/index.html"]
    told = whole[0][1]
    text = (built.site / "glossary/index.html").read_text(encoding="utf-8").lower()
    for words in (told["name"], *told["alternateName"]):
        assert words.lower() in text + " leaky mitral valve", words
    for name, found in pages(built.site):
        assert found.data[0].get("about", {}).get("@id", told["@id"]) == told["@id"], name


def test_a_review_is_claimed_only_where_reviewers_are_named(tmp_path: Path) -> None:
    root = copy_center(tmp_path / "center")
    people = "\n  - {name: A. Nurse, role: heart nurse, date: 2026-03-02}\n  - {name: B. Doctor, role: cardiologist, "
    people += "date: 2026-01-09, link: https://example.org/b}"
    edit(root, "docs/en/treatment/teer.md", "reviewers: []", f"reviewers:{people}")
    build.mkdocs(root, tmp_path / "site", SITE_URL=HOME, OFFLINE="false", DOWNLOADS="", MANIFEST="")
    page = head(tmp_path / "site/treatment/teer/index.html").data[0]
    assert page["lastReviewed"] == "2026-03-02", "the day of the last of them, not of an editor"
    assert [person["name"] for person in page["reviewedBy"]] == ["A. Nurse", "B. Doctor"]
    assert page["reviewedBy"][1]["url"] == "https://example.org/b"
    assert [f for f in run.site(site.read(tmp_path / "site", "site"), center.settings(root)) if f.code == "CC711"] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            DATA,
            ', "isAccessibleForFree"',
            ', "lastReviewed": "2026-01-09", "isAccessibleForFree"',
            "only of a page that",
        ),
        (DATA, '"inLanguage": {{ language | tojson }}, "dateModified"', '"dateModified"', "must say the inLanguage"),
        (DATA, '"BreadcrumbList",', '"BreadcrumbList"', "must be valid JSON"),
        (DATA, "{{ first.canonical_url | tojson }}", '{{ (root ~ "gone/") | tojson }}', "must lead to pages"),
        (DATA, '"name": {{ page.meta.title | tojson }}, "item": {{ here', '"name": "", "item": {{ root', "CC711"),
        ("overrides/partials/about-page.html", 'content="{{ here }}"', 'content="{{ root }}"', "og:url must be"),
        ("overrides/partials/about-page.html", "/share.png", "/gone.png", "CC709"),
        ("mkdocs.yml", 'page: "understand/"', 'page: "understood/"', "must lead to pages of the site"),
    ],
)
def test_a_fault_in_what_is_told_stops_the_build(copy: Path, file: str, old: str, new: str, said: str) -> None:
    edit(copy, file, old, new)
    settings = center.settings(copy)
    try:
        build.mkdocs(copy, copy / "site", SITE_URL=HOME, OFFLINE="false", DOWNLOADS="", MANIFEST="")
    except build.BuildError as error:
        pytest.fail(f"the template itself must still work: {error}")
    found = [f"{f.code} {f.message}" for f in run.site(site.read(copy / "site", "site"), settings)]
    assert any(said in line for line in found), found[:5]


def test_the_command_refuses_such_a_site(copy: Path) -> None:
    edit(copy, DATA, '"position": 1', '"position": 0')
    done = run_build(copy, SITE_URL=HOME)
    assert done.returncode == 1
    assert "CC711" in done.stdout
    assert not (copy / "site").exists()


def test_without_an_address_nothing_claims_one(bare: Path) -> None:
    found = list(pages(bare))
    assert len(found) > 50
    for name, told in found:
        assert told.canonical == "" and told.data == [], name
        assert [one for one in told.named if one.startswith(("og:", "twitter:"))] == [], name
        assert told.links["manifest"].endswith("app.webmanifest"), "it holds no address"
    assert "Sitemap" not in (bare / "robots.txt").read_text(encoding="utf-8")
    assert "<loc>" not in (bare / "sitemap.xml").read_text(encoding="utf-8")


def test_the_offline_copy_is_told_only_what_a_file_can_use(built: Built) -> None:
    for name, told in pages(built.offline):
        assert (told.canonical, told.data) == ("", []), name
        assert set(told.named) <= {"viewport", "description", "generator", "theme-color"}, name
        assert set(told.links) <= {"prev", "next", "icon", "stylesheet"}, name
    assert sorted(file.name for file in (built.offline / "assets/icons").iterdir()) == ["icon-32.png"]
    assert not (built.offline / "robots.txt").exists()
    assert not (built.offline / "app.webmanifest").exists()


def test_robots_are_told_where_the_pages_are(built: Built) -> None:
    draft = has_gaps(built.root)
    told = (built.site / "robots.txt").read_text(encoding="utf-8")
    assert (f"Sitemap: {HOME}sitemap.xml\n" in told) != draft
    sitemap = (built.site / "sitemap.xml").read_text(encoding="utf-8")
    days = dict(re.findall(r"<loc>([^<]*)</loc>\s*<lastmod>([^<]*)</lastmod>", sitemap))
    assert days == {found.canonical: found.data[0]["dateModified"] for _, found in pages(built.site)}
    assert "\nDisallow: /\n" in build.robots(built.site, draft=True)
    assert "\nDisallow:\n" in build.robots(built.site)


def test_the_manifest_names_files_that_are_as_it_says(built: Built) -> None:
    file = built.site / head(built.site / "index.html").links["manifest"]
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["name"], told["lang"], told["start_url"]) == ("Leaky mitral valve", "en", ".")
    assert len(told["short_name"]) <= SHORT
    assert told["background_color"] == "#fdfbf7"
    assert [(icon["sizes"], icon["purpose"]) for icon in told["icons"]] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for icon in told["icons"]:
        width, height, _ = icons.read((built.site / icon["src"]).read_bytes())
        assert icon["sizes"] == f"{width}x{height}"
    below = head(built.site / "treatment/teer/index.html").links["manifest"]
    assert (built.site / "treatment/teer" / below).resolve() == file.resolve()


def test_a_manifest_with_a_file_that_is_gone_is_found(built: Built, tmp_path: Path) -> None:
    folder = shutil.copytree(built.site, tmp_path / "site")
    (folder / "assets/icons/icon-512.png").unlink()
    found = run.site(site.read(folder, "site"), center.settings(built.root))
    assert [(f.path, f.code) for f in found] == [("site/app.webmanifest", "CC701")]


@pytest.mark.parametrize("name", [*icons.ICONS, "share.png"])
def test_an_icon_has_its_size_and_is_drawn_from_what_is_there_now(name: str) -> None:
    png = (ICONS / name).read_bytes()
    width, height, source = icons.read(png)
    assert (width, height) == (icons.CARD if name == "share.png" else (icons.ICONS[name][0],) * 2)
    assert len(png) < 300_000
    assert source == icons.told(icons.drawings()[name]), "'make icons' draws it anew"


def test_an_old_icon_is_seen(copy: Path) -> None:
    before = icons.drawings(copy)
    edit(copy, "mkdocs.yml", "site_name: Leaky mitral valve", "site_name: Another name")
    assert {name for name, svg in icons.drawings(copy).items() if svg != before[name]} == {"share.png"}
    edit(copy, "overrides/assets/pictures/mark.svg", "M6 43", "M7 43")
    assert {name for name, svg in icons.drawings(copy).items() if svg != before[name]} == set(before)


def test_an_icon_is_drawn_as_its_drawing_says(chromium: Browser) -> None:
    """The ground is paper to the edge, for phones cut it to their own form; no word stands beyond the card."""
    page = chromium.new_page(viewport={"width": 1200, "height": 630})
    for name, svg in icons.drawings().items():
        assert "http" not in svg.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/", ""), name
        page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
        wide = page.evaluate(
            "Math.max(0, ...[...document.querySelectorAll('text')].map(t => t.getBBox().x + t.getBBox().width))"
        )
        low = page.evaluate(
            "Math.max(0, ...[...document.querySelectorAll('text')].map(t => t.getBBox().y + t.getBBox().height))"
        )
        assert wide < 770 and low < 600, name
        assert page.evaluate("document.querySelector('svg > rect').getAttribute('fill')") == "#fdfbf7"
    page.close()


def _bars(page: Page) -> str:
    """The color that a browser gives its own bars: of the first that fits, as the HTML Standard has it."""
    color: str = page.evaluate("""
        [...document.querySelectorAll("meta[name=theme-color]")]
            .find(m => !m.media || matchMedia(m.media).matches).content
    """)
    return color


@pytest.mark.parametrize(("device", "color"), [("light", "#fdfbf7"), ("dark", "#111b1e")])
def test_the_browsers_bars_follow_the_device(
    device: str, color: str, chromium: Browser, hosted: str, open_page: Open
) -> None:
    """In Chromium, for Firefox as it is driven here has the light form alone."""
    page = open_page(chromium, hosted, color_scheme=device)
    page.wait_for_selector(f"meta[name=theme-color][content='{color}'][media=all]", state="attached")
    assert _bars(page) == color


def test_the_browsers_bars_follow_the_reader(browser: Browser, hosted: str, open_page: Open) -> None:
    """A reader may choose another scheme than the device has."""
    page = open_page(browser, hosted)
    page.locator("label[for='__palette_1']").click()
    for number, color in ((2, "#111b1e"), (0, "#fdfbf7")):
        page.locator(f"label[for='__palette_{number}']").click()
        page.wait_for_selector(f"meta[name=theme-color][content='{color}'][media=all]", state="attached")
        assert _bars(page) == color


def test_the_browsers_bars_are_of_the_ground_of_the_pages(built: Built) -> None:
    text = (built.site / "assets/stylesheets/tokens.css").read_text(encoding="utf-8")
    ground = list(dict.fromkeys(re.findall(r"--center-paper: (#\w+)", text)))
    assert re.findall(r'"theme-color" content="(#\w+)"', (built.site / "index.html").read_text("utf-8")) == ground[:2]


def test_the_browsers_bars_are_right_without_scripts(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted, color_scheme="dark", java_script_enabled=False)
    media = [tag.get_attribute("media") for tag in page.locator("meta[name=theme-color]").all()]
    assert media == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]


def test_a_policy_needs_no_exception_for_structured_data(chromium: Browser, hosted: str, open_page: Open) -> None:
    """It is a data block: no browser runs it, so a strict policy is silent. The theme's own scripts it stops."""

    def stopped(keep: str) -> int:
        def answer(route: Route) -> None:
            given = route.fetch()
            text = re.sub(r"<script type=\"application/ld\+json\">", keep, given.text())
            policy = given.headers | {"content-security-policy": "default-src 'self'"}
            route.fulfill(response=given, headers=policy, body=text)

        page = open_page(chromium, "about:blank")
        page.route("**/treatment/teer/", answer)
        page.add_init_script("window.stopped = 0; addEventListener('securitypolicyviolation', () => stopped++)")
        page.goto(hosted + "treatment/teer/")
        found: int = page.evaluate("stopped")
        return found

    plain = stopped('<script type="application/ld+json">')
    assert plain == stopped('<script type="text/plain">') > 0
    assert stopped("<script>") == plain + 1, "one that runs is seen"
