"""What this center's pages do in real browsers, beside what those of any center must (test_any_browser.py)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Built
from tests.test_any_browser import Open, search, watched

QUERIES = {"leaky valve": "understand", "breathless": "symptoms"}


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
