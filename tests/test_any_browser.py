"""What any center's site must do in real browsers, finished or just begun: hosted, from file://, the network cut."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from center import center
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import ROOT, Built

Open = Callable[..., Page]
SETTINGS = center.settings(ROOT)


def said(name: str) -> str:
    """Words that the templates print."""
    return center.read(ROOT, SETTINGS).extra[f"words.{name}"].value


def title(page: Page) -> str:
    """A word of the page's title, which the search must find."""
    words: list[str] = re.findall(r"\w+", page.locator("article h1").inner_text())
    return max(words, key=len)


def search(page: Page, words: str) -> list[str]:
    """Addresses that the site's search finds for some words."""
    field = page.locator("input.md-search__input")
    field.click()
    field.press_sequentially(words)
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=15_000)
    expect(page.locator(".md-search-result__meta")).to_contain_text(re.compile(r"\d+ matching"))
    return [link.get_attribute("href") or "" for link in page.locator(".md-search-result__link").all()]


def watched(page: Page) -> list[str]:
    """Collects what a page complains about from now on."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def test_searched_words_stay_on_the_device(browser: Browser, hosted: str, built: Built, open_page: Open) -> None:
    """An address with the words in it would be sent to whoever hosts the site."""
    page = open_page(browser, hosted)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    words = title(page)
    page.fill("#home-search", words)
    page.press("#home-search", "Enter")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=15_000)
    expect(page.locator("input.md-search__input")).to_have_value(words)
    page.locator(".md-search-result__link").first.click()
    page.wait_for_load_state("networkidle")
    assert [address for address in (*asked, page.url) if "?" in address] == []


@pytest.mark.parametrize("where", ["hosted", "offline"])
def test_search_finds_a_page_by_its_title(
    browser: Browser, hosted: str, built: Built, open_page: Open, outside: list[str], where: str
) -> None:
    page = open_page(browser, hosted if where == "hosted" else (built.offline / "index.html").as_uri())
    assert search(page, title(page))
    assert not outside


@pytest.mark.parametrize("where", ["hosted", "offline"])
def test_home_form_opens_the_search(
    chromium: Browser, hosted: str, built: Built, open_page: Open, outside: list[str], where: str
) -> None:
    page = open_page(chromium, hosted if where == "hosted" else (built.offline / "index.html").as_uri())
    field = page.get_by_label(said("search"), exact=True)
    field.fill(title(page))
    field.press("Enter")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=15_000)
    assert not outside


#: Pictures that a page cannot show. They come when a reader is near, so here all are asked for.
BROKEN_PICTURES = """async () => {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => null)));
  return pictures.filter((picture) => !picture.naturalWidth).map((picture) => picture.src);
}"""


def test_every_offline_page_is_whole(browser: Browser, built: Built, open_page: Open, outside: list[str]) -> None:
    page = open_page(browser, "about:blank")
    errors = watched(page)
    pages = sorted(p for p in built.offline.rglob("*.html") if "assets" not in p.parts)
    assert len(pages) >= len(center.read(ROOT, SETTINGS).pages)
    for file in pages:
        page.goto(file.as_uri())
        for number in SETTINGS.emergency:
            expect(page.locator("[data-center=call-now]")).to_contain_text(number)
        assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).display") == "block", file
        assert page.evaluate(BROKEN_PICTURES) == [], file
    assert not errors
    assert not outside


def test_every_hosted_page_asks_only_its_own_host(
    chromium: Browser, hosted: str, built: Built, open_page: Open, outside: list[str]
) -> None:
    page = open_page(chromium, "about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors = watched(page)
    for file in sorted(built.site.rglob("index.html")):
        page.goto(hosted + file.relative_to(built.site).as_posix().removesuffix("index.html"), wait_until="networkidle")
    own = hosted.split("/a-project/")[0]
    assert asked
    assert [url for url in asked if not url.startswith((own, "data:"))] == []
    assert not errors
    assert not outside


def test_a_planted_outside_script_is_seen(
    browser: Browser, built: Built, open_page: Open, outside: list[str], tmp_path: Path
) -> None:
    """The two tests above can fail: a script from elsewhere is recorded."""
    copy = tmp_path / "offline"
    shutil.copytree(built.offline, copy)
    home = copy / "index.html"
    text = home.read_text(encoding="utf-8")
    home.write_text(text.replace("</head>", '<script src="https://cdn.example.org/x.js"></script></head>'))
    open_page(browser, home.as_uri())
    assert any("cdn.example.org" in asked for asked in outside), outside


def test_missing_page_under_a_sub_path(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + "no-such-folder/no-such-page/deeper/")
    expect(page.locator("h1")).to_have_text(said("not_found"))
    expect(page.locator("[data-center=call-now]")).to_contain_text(SETTINGS.emergency[0])
    assert page.evaluate("getComputedStyle(document.querySelector('.call-now')).borderLeftStyle") == "solid"
    page.get_by_role("link", name=said("not_found_home")).click()
    expect(page.locator(".home-search")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(
    chromium: Browser, hosted: str, built: Built, open_page: Open, width: int
) -> None:
    page = open_page(chromium, "about:blank", width=width)
    for file in sorted(built.site.rglob("index.html")):
        page.goto(hosted + file.relative_to(built.site).as_posix().removesuffix("index.html"))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, file


def test_print_has_no_controls(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "get-help/")
    page.emulate_media(media="print")
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator("[data-center=call-now]")).to_be_visible()
    expect(page.locator("[data-center=review]")).to_contain_text(said("not_reviewed"))
    for meaning in page.locator(".word").all():
        expect(meaning).to_be_visible()
    assert page.locator(".headerlink:visible, .back:visible, .md-sidebar:visible").count() == 0
