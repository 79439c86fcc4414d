"""The built site in real browsers: hosted and from file://, with the network cut."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import Built

Open = Callable[..., Page]
QUERIES = {"leaky valve": "understand", "breathless": "symptoms"}


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


@pytest.mark.parametrize("words", QUERIES)
def test_offline_search_finds(browser: Browser, built: Built, open_page: Open, outside: list[str], words: str) -> None:
    page = open_page(browser, "about:blank")
    errors = watched(page)
    page.goto((built.offline / "index.html").as_uri())
    found = search(page, words)
    assert any(QUERIES[words] in address for address in found), found
    page.locator(".md-search-result__link").first.click()
    expect(page.locator("article h1").first).to_be_visible()
    assert page.url.startswith("file:")
    assert not errors
    assert not outside


@pytest.mark.parametrize("words", QUERIES)
def test_hosted_search_finds(browser: Browser, hosted: str, open_page: Open, outside: list[str], words: str) -> None:
    page = open_page(browser, hosted)
    assert any(QUERIES[words] in address for address in search(page, words))
    assert not outside


@pytest.mark.parametrize("where", ["hosted", "offline"])
def test_home_form_opens_the_search(
    chromium: Browser, hosted: str, built: Built, open_page: Open, outside: list[str], where: str
) -> None:
    page = open_page(chromium, hosted if where == "hosted" else (built.offline / "index.html").as_uri())
    page.get_by_label("Search this site").fill("breathless")
    page.get_by_label("Search this site").press("Enter")
    expect(page.locator(".md-search-result__item").first).to_be_visible(timeout=15_000)
    assert not outside


def test_every_offline_page_is_whole(browser: Browser, built: Built, open_page: Open, outside: list[str]) -> None:
    page = open_page(browser, "about:blank")
    errors = watched(page)
    pages = sorted(p for p in built.offline.rglob("*.html") if "assets" not in p.parts)
    assert len(pages) >= 12
    for file in pages:
        page.goto(file.as_uri())
        expect(page.locator("[data-center=call-now]")).to_contain_text("911")
        assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).display") == "block", file
        broken = page.evaluate("[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)")
        assert broken == [], file
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
    page = open_page(browser, hosted + "treatment/no-such-page/deeper/")
    expect(page.locator("h1")).to_have_text("This page is not here")
    expect(page.locator("[data-center=call-now]")).to_contain_text("999")
    assert page.evaluate("getComputedStyle(document.querySelector('.call-now')).borderLeftStyle") == "solid"
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.locator("h1")).to_contain_text("Your mitral valve leaks")


def test_without_scripts(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted, java_script_enabled=False)
    expect(page.locator(".home-search")).to_be_hidden()
    page.locator("article").get_by_role("link", name=re.compile("just told", re.I)).first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".sources li").first).to_be_visible()
    term = page.locator("button.term").first
    term.click()
    expect(page.locator(".word:popover-open")).to_have_count(1)


def test_a_word_and_its_meaning(browser: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(browser, hosted + "treatment/teer/")
    term = page.locator("button.term", has_text="mitral regurgitation").first
    meaning = page.locator("#word-mitral-regurgitation")
    expect(meaning).to_be_hidden()
    term.click()
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text("leak")
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('button.term')")


def test_citations_lead_there_and_back(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "treatment/teer/")
    page.locator("sup.cite a").first.click()
    assert page.url.endswith("#source-1")
    expect(page.locator("#source-1")).to_be_in_viewport()
    folded = page.locator("#source-1 summary")
    if folded.count():
        folded.click()
    page.locator("#source-1 a.back").first.click()
    assert page.url.endswith("#cite-1-1")
    expect(page.locator("#cite-1-1")).to_be_in_viewport()


def test_a_picture_says_its_numbers(chromium: Browser, hosted: str, open_page: Open) -> None:
    page = open_page(chromium, hosted + "treatment/teer/")
    pictures = page.get_by_role("img").and_(page.locator(".people__grid"))
    assert pictures.count() >= 2
    for picture in pictures.all():
        drawn = [picture.locator(f".person--{place}").count() for place in range(3)]
        assert sum(drawn) == 100
        assert f"{drawn[0]} of 100" in (picture.locator("desc").text_content() or "")


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
    expect(page.locator("[data-center=review]")).to_contain_text("Not yet reviewed by a clinician")
    for meaning in page.locator(".word").all():
        expect(meaning).to_be_visible()
    assert page.locator(".headerlink:visible, .back:visible, .md-sidebar:visible").count() == 0
