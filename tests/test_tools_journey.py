"""One new reader, from the first question to the day they delete everything: hosted, and from the unpacked zip."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.conftest import Built


@pytest.mark.parametrize("where", ["hosted", "zip"])
def test_a_readers_first_weeks(
    where: str,
    hosted: str,
    built: Built,
    chromium: Browser,
    open_page: Callable[..., Page],
    outside: list[str],
    tmp_path: Path,
) -> None:
    def at(name: str) -> str:
        return f"{hosted}{name}/" if where == "hosted" else (built.offline / f"{name}.html").as_uri()

    # Reads about the echo on a phone, and keeps two questions.
    page = open_page(chromium, at("tests/echo"), width=390)
    add = page.get_by_role("button", name=re.compile("^Add to my questions"))
    kept = [re.sub("^.*?: ", "", add.nth(place).get_attribute("aria-label") or "") for place in (0, 1)]
    for words in kept:
        page.get_by_role("button", name=f"Add to my questions: {words}").click()
    expect(page.get_by_role("link", name="My questions: 2")).to_be_visible()

    # Writes down what the team said, then a diary for a week.
    page.goto(at("tools/my-plan"))
    page.fill("#plan-weight", "74")
    page.fill("#plan-do", "Call Ann on the ward")
    page.goto(at("tools/my-diary"))
    note = page.locator("[data-field=weight] .sheet__note")
    for ago in range(6, -1, -1):
        page.fill("#diary-date", (date.today() - timedelta(days=ago)).isoformat())
        page.check("input[name=diary-stairs][value=usual]")
        page.fill("#diary-weight", str(74 - ago))
        if ago:
            expect(note).to_have_text("")
            page.get_by_role("button", name=re.compile("^Done")).click()
    expect(note).to_have_text("Past your own line: 74 kg. What your team told you to do: Call Ann on the ward")
    expect(page.locator(".sheet__entries > li")).to_have_count(7)

    # Prints one sheet for the visit.
    page.goto(at("tools/my-visit"))
    page.fill("#medicines-name", "Aspirin")
    reader = PdfReader(BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(part.extract_text() for part in reader.pages).split())
    assert len(reader.pages) == 1
    assert all(words in text for words in (*kept, "Weight: 74 kg", "Aspirin"))

    # Moves it all to another device by file.
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy").click()
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)
    other = open_page(chromium, at("tools/my-diary"), width=390)
    other.get_by_label("Open a copy").set_input_files(copy)
    expect(other.locator(".sheet__entries > li")).to_have_count(7)
    other.goto(at("tools/my-questions"))
    expect(other.locator(".mine")).to_contain_text(kept[1])

    # Deletes everything.
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    expect(page.get_by_role("link", name=re.compile("^My questions: "))).to_be_hidden()
    page.goto(at("tools/my-diary"))
    expect(page.locator(".sheet__entries > li")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter(key => !key.includes('__palette'))") == []
    assert outside == []
